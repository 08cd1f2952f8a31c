//! What a contact has become, field by field.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use crate::contacts::Fields;
use crate::contacts::Side;
use crate::contacts::path::FieldPath;

/// One direction's result, field by field. Ids are never among them.
#[derive(Clone, Default)]
pub struct Mapped {
    /// What is written.
    pub entries: Vec<Entry>,
    /// What could not be mapped, and is left out.
    pub problems: Vec<Problem>,
    pub(super) missing: Vec<Arc<str>>,
}

/// One field. It has no `Debug` that shows values.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// The mapping's name.
    pub name: Arc<str>,
    /// The value on the side it comes from, in its canonical form: the same as the mapping back
    /// would write. Null for a default and for what is cleared. Where a transform reads more of the
    /// contact than the value, a list of the value and what else it reads.
    pub source: Value,
    /// Where it is written.
    pub target_path: FieldPath,
    /// What is written, in the target's canonical form: the same as the mapping back would have as
    /// its `source`. Null clears the field.
    pub value: Value,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A field of the contact.
    Field,
    /// The mapping's `default`, since the contact has no value. In a change that names only some
    /// fields it would overwrite the others: it belongs into new contacts.
    Default,
    /// The mapping's `constant`.
    Constant,
}

/// A value that could not be mapped. The other fields are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mapping `{name}`, {}: {failure}", self.place())]
pub struct Problem {
    /// The mapping's name.
    pub name: Arc<str>,
    /// The side whose setting refused the value.
    pub side: Side,
    /// Which setting: `type`, `format` or `transform`.
    pub setting: &'static str,
    /// Which step of a list of transforms, from 0.
    pub step: Option<usize>,
    /// What is wrong with the value.
    pub failure: Failure,
}

impl Problem {
    /// Where the setting stands in its mapping: `ext.transform.1`.
    pub fn place(&self) -> String {
        let step = self.step.map(|step| format!(".{step}")).unwrap_or_default();
        format!("{}.{}{step}", self.side, self.setting)
    }
}

impl Mapped {
    /// The contact of the other side.
    pub fn fields(&self) -> Fields {
        self.fields_where(|_| true)
    }

    /// The same with some fields only.
    pub fn fields_where(&self, keep: impl Fn(&Entry) -> bool) -> Fields {
        let mut fields = Fields::new();
        for entry in self.entries.iter().filter(|entry| keep(entry)) {
            entry.target_path.set_in(&mut fields, entry.value.clone());
        }
        fields
    }

    /// The mappings whose field is required on this side and has no value.
    pub fn missing_required(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(AsRef::as_ref)
    }

    /// The field of the mapping `name`.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.name == name)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, target_path, origin, .. } = self;
        write!(f, "{name} -> {target_path} ({origin:?})")
    }
}

impl fmt::Debug for Mapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries, problems, missing } = self;
        let mut debug = f.debug_struct("Mapped");
        debug.field("entries", entries).field("problems", problems);
        debug.field("missing", missing).finish()
    }
}
