//! One mapping in one direction.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use super::codec::{Codec, Wrong};
use super::mapped::{Entry, Mapped, Origin, Problem};
use super::step::is_empty;
use super::transform::Transform;
use crate::contacts::Fields;
use crate::contacts::Side;
use crate::contacts::path::FieldPath;
use crate::ground::expression::Variable;

/// How much of a contact its fields are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All it has: a field that is not there is empty.
    Whole,
    /// What has changed: of a field that is not there nothing is known.
    Part,
}

/// A contact on its way, for expressions made ready once.
pub struct Contact<'a> {
    fields: &'a Fields,
    extent: Extent,
    variable: OnceCell<Variable>,
}

impl<'a> Contact<'a> {
    pub fn new(fields: &'a Fields, extent: Extent) -> Self {
        Self { fields, extent, variable: OnceCell::new() }
    }

    /// The whole of it, as a variable of expressions. A field that is null is absent there, too.
    pub fn variable(&self) -> &Variable {
        self.variable.get_or_init(|| Variable::new(&without_nulls(self.fields)))
    }
}

fn without_nulls(fields: &Fields) -> Fields {
    let given = fields.iter().filter(|(_, value)| !value.is_null());
    let given = given.map(|(name, value)| {
        let value = match value {
            Value::Object(fields) => Value::Object(without_nulls(fields)),
            other => other.clone(),
        };
        (name.clone(), value)
    });
    given.collect()
}

/// A mapping in one direction.
pub struct Route {
    pub name: Arc<str>,
    pub to: Side,
    pub source: Source,
    pub transform: Transform,
    pub target: Codec,
    pub target_path: FieldPath,
    pub default: Option<Value>,
    pub required: bool,
    pub clear: bool,
}

/// Where a route's values are from.
pub enum Source {
    /// A field of the contact.
    Field(Box<FieldSource>),
    /// What is always written.
    Constant(Value),
}

/// A field of a contact, and what else of it the transform reads.
pub struct FieldSource {
    pub path: FieldPath,
    pub codec: Codec,
    pub also: Vec<Also>,
}

/// What a transform reads of a contact besides the value.
pub enum Also {
    Field(FieldPath),
    Everything,
}

impl Route {
    /// Maps the field of `contact` into `mapped`.
    pub fn run(&self, contact: &Contact<'_>, mapped: &mut Mapped) {
        let entry = match self.entry(contact) {
            Ok(entry) => entry,
            Err(problem) => {
                mapped.problems.push(problem);
                None
            }
        };
        if self.required && entry.is_none() {
            mapped.missing.push(Arc::clone(&self.name));
        }
        mapped.entries.extend(entry);
    }

    fn entry(&self, contact: &Contact<'_>) -> Result<Option<Entry>, Problem> {
        let (path, codec, also) = match &self.source {
            Source::Constant(value) => {
                return Ok(Some(self.made(value.clone(), value.clone(), Origin::Constant)));
            }
            Source::Field(field) => (&field.path, &field.codec, &field.also),
        };
        let default = || {
            let value = self.default.clone();
            value.map(|value| self.made(Value::Null, value, Origin::Default))
        };
        let empty = || if self.clear { Some(self.cleared()) } else { default() };
        let Some(raw) = path.get_in(contact.fields) else {
            return Ok(if contact.extent == Extent::Whole { empty() } else { default() });
        };
        if is_empty(raw) {
            return Ok(empty());
        }
        let from = self.to.other();
        let meant = codec.read(raw).map_err(|wrong| self.wrong(from, wrong))?;
        let source = codec.write(meant.clone()).map_err(|wrong| self.wrong(from, wrong))?;
        let result = self.transform.apply(meant, contact).map_err(|(step, failure)| Problem {
            step,
            ..self.wrong(self.to, ("transform", failure))
        })?;
        if is_empty(&result) {
            return Ok(empty());
        }
        let value = self.target.write(result).map_err(|wrong| self.wrong(self.to, wrong))?;
        if is_empty(&value) {
            return Ok(empty());
        }
        let source = if also.is_empty() { source } else { with_also(source, also, contact) };
        Ok(Some(self.made(source, value, Origin::Field)))
    }

    fn cleared(&self) -> Entry {
        self.made(Value::Null, Value::Null, Origin::Field)
    }

    fn made(&self, source: Value, value: Value, origin: Origin) -> Entry {
        let target_path = self.target_path.clone();
        Entry { name: Arc::clone(&self.name), source, target_path, value, origin }
    }

    fn wrong(&self, side: Side, (setting, failure): Wrong) -> Problem {
        Problem { name: Arc::clone(&self.name), side, setting, step: None, failure }
    }
}

fn with_also(source: Value, also: &[Also], contact: &Contact<'_>) -> Value {
    let values = also.iter().map(|also| match also {
        Also::Field(path) => path.get_in(contact.fields).cloned().unwrap_or_default(),
        Also::Everything => Value::Object(contact.fields.clone()),
    });
    super::types::sorted([source].into_iter().chain(values).collect())
}
