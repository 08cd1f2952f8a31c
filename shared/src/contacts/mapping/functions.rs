//! Transforms that are written in Rust.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// A transform: the value, or what was expected instead. That is a text of the program, so that no
/// error can show a contact's value.
pub(super) type Function = Arc<dyn Fn(Value) -> Result<Value, &'static str> + Send + Sync>;

/// The Rust functions that `{function: name}` may name.
///
/// ```
/// use patchcord::contacts::mapping::Functions;
/// use serde_json::Value;
///
/// let functions = Functions::default().with("shout", |value| match value {
///     Value::String(text) => Ok(Value::String(text + "!")),
///     _ => Err("expected a text"),
/// });
/// ```
#[derive(Clone, Default)]
pub struct Functions {
    by_name: BTreeMap<String, Function>,
    accepts_all: bool,
}

impl Functions {
    /// Accepts every name, for a program that has not got the functions: one that is called fails.
    pub fn unavailable() -> Self {
        Self { accepts_all: true, ..Self::default() }
    }

    /// The same with one more.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<String>,
        function: impl Fn(Value) -> Result<Value, &'static str> + Send + Sync + 'static,
    ) -> Self {
        self.by_name.insert(name.into(), Arc::new(function));
        self
    }

    pub(super) fn get(&self, name: &str) -> Option<Function> {
        let unavailable = || -> Function { Arc::new(|_| Err("it is not part of this program")) };
        let known = self.by_name.get(name).cloned();
        known.or_else(|| self.accepts_all.then(unavailable))
    }

    /// The names, for an error message.
    pub(super) fn names(&self) -> String {
        self.by_name.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}
