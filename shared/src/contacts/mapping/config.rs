//! One entry of the list, as it is written.

use serde::Deserialize;
use serde_json::Value;

use super::types::Type;
use crate::contacts::Side;

/// A mapping: a field on both sides, or a constant on one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingConfig {
    /// What it is called; `botmatic.name` if it says nothing.
    pub name: Option<String>,
    /// Whether this is the field that holds the id of each side.
    #[serde(default)]
    pub id: bool,
    /// Whether a contact is adopted by this field.
    #[serde(default)]
    pub email: bool,
    /// Whether an empty value clears the field of the other side.
    #[serde(default)]
    pub clear: bool,
    /// The only side it is mapped to.
    pub only_to: Option<Side>,
    pub botmatic: Option<SideConfig>,
    pub ext: Option<SideConfig>,
}

/// A field of one side. `name`, `type` and `format` say what it is; the rest applies to values on
/// their way to this side.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SideConfig {
    pub name: String,
    pub r#type: Option<Type>,
    pub format: Option<Value>,
    pub transform: Option<Value>,
    pub default: Option<Value>,
    pub constant: Option<Value>,
    #[serde(default)]
    pub required: bool,
}

impl MappingConfig {
    pub fn side(&self, side: Side) -> Option<&SideConfig> {
        match side {
            Side::Botmatic => self.botmatic.as_ref(),
            Side::External => self.ext.as_ref(),
        }
    }
}
