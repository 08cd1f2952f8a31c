//! Declared types: what a value is, and its one canonical form.

mod canonical;

use serde::Deserialize;
use serde_json::Value;

use super::failure::Failure;
use super::moment;
pub(super) use canonical::{json_text, number_of_text, scalar_text, sorted};

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A number without a fraction.
    Integer,
    /// True or false.
    Boolean,
    /// A day: `2024-12-31`.
    Date,
    /// A moment, in UTC: `2024-12-31T23:00:00Z`.
    Datetime,
    /// Any JSON value.
    Json,
    /// A list of JSON values.
    List,
}

const TRUE: [&str; 6] = ["true", "yes", "y", "on", "t", "1"];
const FALSE: [&str; 6] = ["false", "no", "n", "off", "f", "0"];

impl Type {
    /// The type's name, for error messages too.
    pub const NAMES: &str = "text, number, integer, boolean, date, datetime, json, list";

    /// The type that `name` names.
    pub fn parse(name: &str) -> Option<Self> {
        Self::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name))
            .ok()
    }

    /// The canonical form of `value`. What is canonical stays as it is.
    pub fn read(self, value: Value) -> Result<Value, Failure> {
        match self {
            Self::Text => Ok(Value::String(match value {
                Value::String(text) => text,
                other => scalar_text(&other).unwrap_or_else(|| json_text(&other)),
            })),
            Self::Number => number(&value).ok_or_else(|| Failure::expected("a number")),
            Self::Integer => {
                let number = number(&value).filter(|number| !number.is_f64());
                number.ok_or_else(|| Failure::expected("a number without a fraction"))
            }
            Self::Boolean => boolean(&value)
                .ok_or_else(|| Failure::expected("true or false, yes or no, on or off, 1 or 0")),
            Self::Date => {
                let date = value.as_str().and_then(moment::date);
                let date = date.map(|date| Value::String(date.to_string()));
                date.ok_or_else(|| Failure::expected("a date such as 2024-12-31"))
            }
            Self::Datetime => {
                let moment = value.as_str().and_then(moment::timestamp);
                let moment = moment.map(|moment| Value::String(moment.to_string()));
                moment.ok_or_else(|| Failure::expected("a moment such as 2024-12-31T23:00:00Z"))
            }
            Self::Json => Ok(sorted(value)),
            Self::List if value.is_array() => Ok(sorted(value)),
            Self::List => Err(Failure::expected("a list")),
        }
    }
}

fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => Some(Value::Number(canonical::number(number))),
        Value::String(text) => number_of_text(text.trim()).map(Value::Number),
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<Value> {
    let text = scalar_text(value)?.trim().to_lowercase();
    let is = |spellings: &[&str]| spellings.contains(&text.as_str());
    if is(&TRUE) { Some(Value::Bool(true)) } else { is(&FALSE).then_some(Value::Bool(false)) }
}

#[cfg(test)]
mod tests;
