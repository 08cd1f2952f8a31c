//! A side's own way with a field: its notation and its type, read and written.

use serde_json::Value;

use super::failure::Failure;
use super::format::Format;
use super::types::{Type, json_text, sorted};
use crate::contacts::Side;

/// How a side reads and writes a field.
#[derive(Clone, Debug)]
pub struct Codec {
    side: Side,
    format: Option<Format>,
    meaning: Meaning,
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Of a declared type.
    Typed(Type),
    /// As they come.
    AsTheyCome,
    /// As they come, but a text that is valid JSON is its value: Botmatic's, where no side declares
    /// a type.
    JsonTexts,
}

/// Whether the notation or the type is wrong.
pub type Wrong = (&'static str, Failure);

impl Codec {
    /// The codec of a field of `side`. Botmatic keeps JSON as a text.
    pub fn new(side: Side, format: Option<Format>, meaning: Meaning) -> Self {
        let json = match (side, meaning) {
            (Side::Botmatic, Meaning::Typed(it @ (Type::Json | Type::List))) => {
                Some(Format::json(it))
            }
            _ => None,
        };
        Self { side, format: format.or(json), meaning }
    }

    /// What is meant by the side's `value`.
    pub fn read(&self, value: &Value) -> Result<Value, Wrong> {
        let value = match &self.format {
            Some(format) => format.parse(value).map_err(|failure| ("format", failure))?,
            None => value.clone(),
        };
        match (self.meaning, value) {
            (Meaning::JsonTexts, Value::String(text)) => {
                Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)))
            }
            (_, value) => self.typed(value),
        }
    }

    /// `value` as the side writes it.
    pub fn write(&self, value: Value) -> Result<Value, Wrong> {
        let value = self.typed(value)?;
        let value = match &self.format {
            Some(format) => format.print(&value).map_err(|failure| ("format", failure))?,
            None => value,
        };
        let is_nested = value.is_object() || value.is_array();
        if is_nested && self.side == Side::Botmatic {
            return Ok(Value::String(json_text(&value)));
        }
        Ok(sorted(value))
    }

    fn typed(&self, value: Value) -> Result<Value, Wrong> {
        match self.meaning {
            Meaning::Typed(r#type) => r#type.read(value).map_err(|failure| ("type", failure)),
            Meaning::AsTheyCome | Meaning::JsonTexts => Ok(value),
        }
    }
}
