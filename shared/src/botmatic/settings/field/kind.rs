//! What kind of value a field takes: how it is read, and what is said of one that is not of it.

use serde::Serialize;
use serde_json::{Number, Value};

use crate::botmatic::settings::Upload;
use crate::botmatic::settings::pattern::Pattern;

/// The kinds of values, with the rules for them.
pub(in super::super) enum Kind {
    Text { pattern: Option<Pattern>, placeholder: Option<String> },
    Secret { pattern: Option<Pattern>, placeholder: Option<String> },
    Number { min: Option<f64>, max: Option<f64>, placeholder: Option<String> },
    Checkbox,
    Select { options: Vec<Choice> },
    File { max_bytes: usize },
}

/// An option of a select field.
#[derive(Clone, Debug, Serialize)]
pub(in super::super) struct Choice {
    pub value: String,
    pub label: String,
}

impl Kind {
    /// Whether an empty field leaves what is stored, because the page does not show that.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Secret { .. } | Self::File { .. })
    }

    /// What is stored for an empty field.
    pub fn empty(&self) -> Value {
        if matches!(self, Self::Checkbox) { Value::Bool(false) } else { Value::Null }
    }

    /// Whether a stored value is of this kind. Its rules may have changed since it was stored.
    pub fn fits(&self, stored: &Value) -> bool {
        match self {
            Self::Text { .. } | Self::Secret { .. } => stored.is_string(),
            Self::Number { .. } => stored.is_number(),
            Self::Checkbox => stored.is_boolean(),
            Self::Select { options } => options.iter().any(|choice| choice.value == *stored),
            Self::File { .. } => Upload::from_value(stored).is_some(),
        }
    }

    /// The value in what was submitted, none if it is empty, or what to say of it.
    pub fn read(&self, submitted: &Value) -> Result<Option<Value>, String> {
        if submitted.is_null() || submitted == "" {
            return Ok(None);
        }
        match self {
            Self::Text { pattern, .. } => {
                let text = submitted.as_str().ok_or("Expected a text")?.trim();
                matching(text, pattern.as_ref())
            }
            Self::Secret { pattern, .. } => {
                matching(submitted.as_str().ok_or("Expected a text")?, pattern.as_ref())
            }
            Self::Number { min, max, .. } => number(submitted, *min, *max),
            Self::Checkbox => match submitted {
                Value::Bool(false) => Ok(None),
                Value::Bool(true) => Ok(Some(Value::Bool(true))),
                Value::String(text) if text == "on" => Ok(Some(Value::Bool(true))),
                _ => Err("Expected yes or no".to_owned()),
            },
            Self::Select { .. } if self.fits(submitted) => Ok(Some(submitted.clone())),
            Self::Select { .. } => Err("Expected one of the options".to_owned()),
            Self::File { max_bytes } => match Upload::from_value(submitted) {
                None => Err("Expected a file".to_owned()),
                Some((_, 0)) => Err("The file is empty".to_owned()),
                Some((_, length)) if length > *max_bytes => {
                    Err(format!("The file has {length} bytes, and may have {max_bytes}"))
                }
                Some((upload, _)) => Ok(Some(upload.into())),
            },
        }
    }
}

fn matching(text: &str, pattern: Option<&Pattern>) -> Result<Option<Value>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    pattern.map_or(Ok(()), |pattern| pattern.check(text))?;
    Ok(Some(text.into()))
}

/// Forms send numbers as texts.
fn number(submitted: &Value, min: Option<f64>, max: Option<f64>) -> Result<Option<Value>, String> {
    let number = match submitted {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => from_text(text.trim()),
        _ => None,
    };
    let number = number.ok_or("Expected a number")?;
    let value = number.as_f64().ok_or("Expected a number")?;
    match (min, max) {
        (Some(min), _) if value < min => Err(format!("Must be at least {min}")),
        (_, Some(max)) if value > max => Err(format!("Must be at most {max}")),
        _ => Ok(Some(number.into())),
    }
}

/// Integers stay integers: `12` does not become `12.0` in a template.
fn from_text(text: &str) -> Option<Number> {
    let integer = text.parse::<i64>().ok().map(Number::from);
    integer.or_else(|| Number::from_f64(text.parse().ok()?))
}
