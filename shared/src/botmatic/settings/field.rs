//! A field of the form: what stands beside it, and what kind of value it takes.

mod config;
mod kind;

use serde_json::Value;

use super::Settings;
pub(super) use kind::{Choice, Kind};

/// A field.
pub(super) struct Field {
    /// Its name, in the form and in templates.
    pub name: String,
    pub label: String,
    pub help: Option<String>,
    pub required: bool,
    /// What it holds until something else is saved.
    pub default: Option<Value>,
    pub kind: Kind,
}

impl Field {
    /// What the field holds, where `stored` is what was saved: its default if it was not there when
    /// that was saved, or was a field of another kind.
    pub(super) fn value<'a>(&'a self, stored: &'a Settings) -> Option<&'a Value> {
        match stored.get(&self.name) {
            Some(Value::Null) => None,
            Some(value) if self.kind.fits(value) => Some(value),
            _ => self.default.as_ref(),
        }
    }

    /// What takes a stored value out, of the kinds that an empty field leaves as they are.
    pub(super) fn removal(&self) -> Option<String> {
        self.kind.is_kept().then(|| format!("{}.remove", self.name))
    }

    /// The value to store: what was submitted, or what the field keeps.
    pub(super) fn check(
        &self,
        submitted: Option<&Value>,
        is_removed: bool,
        stored: &Settings,
    ) -> Result<Value, String> {
        let given = self.kind.read(submitted.unwrap_or(&Value::Null))?;
        let kept = self.value(stored).filter(|_| self.kind.is_kept() && !is_removed);
        match given.or_else(|| kept.cloned()) {
            Some(value) => Ok(value),
            None if self.required => Err("Field required".to_owned()),
            None => Ok(self.kind.empty()),
        }
    }
}
