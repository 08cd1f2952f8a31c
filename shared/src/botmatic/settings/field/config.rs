//! A field as `patchcord.yaml` declares it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Choice, Field, Kind};
use crate::botmatic::settings::MAX_SETTINGS_BYTES;
use crate::botmatic::settings::pattern::Pattern;
use crate::ground::config::{ConfigError, Place, Section, read, read_rest};

const KINDS: &str = "text, secret, number, checkbox, select, file";
const COMMON: [&str; 5] = ["name", "label", "help", "required", "default"];
const TAKEN: [&str; 6] = ["type", "name", "label", "help", "required", "default"];
/// In Base64, with the other fields, it still fits.
const MAX_FILE_BYTES: usize = MAX_SETTINGS_BYTES / 4 * 3 - 1_000;
const DEFAULT_FILE_BYTES: usize = 50_000;

/// What every kind of field has.
#[derive(Deserialize)]
struct Common {
    name: String,
    label: String,
    help: Option<String>,
    #[serde(default)]
    required: bool,
    default: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextConfig {
    pattern: Option<String>,
    pattern_message: Option<String>,
    placeholder: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberConfig {
    min: Option<f64>,
    max: Option<f64>,
    placeholder: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckboxConfig {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SelectConfig {
    options: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceConfig {
    value: String,
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileConfig {
    max_bytes: Option<usize>,
}

impl Field {
    /// Understands the field at `place`.
    pub(in super::super) fn compile(value: Value, place: &Place) -> Result<Self, ConfigError> {
        let mut section = Section::new(value, place.clone())?;
        let common: Map<_, _> = COMMON
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), section.take(name)?)))
            .collect();
        let common: Common = read(Value::Object(common), place)?;
        if !is_name(&common.name) {
            return Err(place.key("name").expected(
                "a name of letters, digits and `_` that starts with a letter and is not `token`",
            ));
        }
        if common.label.trim().is_empty() {
            return Err(place.key("label").expected("a text that says what the field is"));
        }
        let kind = section.take_type(KINDS)?;
        let kind = Kind::compile(&kind, section.rest(), place)?;
        let default = default(common.default, &kind, &place.key("default"))?;
        let Common { name, label, help, required, .. } = common;
        Ok(Self { name, label, help, required, default, kind })
    }
}

/// Whether templates can say `settings.name`, and the form has no such field of its own.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name != "token"
}

/// A default keeps the field's own rules. What is not shown has none.
fn default(
    default: Option<Value>,
    kind: &Kind,
    place: &Place,
) -> Result<Option<Value>, ConfigError> {
    let Some(default) = default else { return Ok(None) };
    if kind.is_kept() {
        return Err(place.error("a field of this type has no default"));
    }
    kind.read(&default).map_err(|message| place.error(message))
}

impl Kind {
    fn compile(kind: &str, rest: Value, place: &Place) -> Result<Self, ConfigError> {
        match kind {
            "text" | "secret" => {
                let config: TextConfig = read_rest(rest, &TAKEN, place)?;
                let at = place.key("pattern");
                let message = config.pattern_message;
                let pattern = config.pattern.map(|text| Pattern::compile(text, message, &at));
                let (pattern, placeholder) = (pattern.transpose()?, config.placeholder);
                Ok(match kind {
                    "text" => Self::Text { pattern, placeholder },
                    _ => Self::Secret { pattern, placeholder },
                })
            }
            "number" => {
                let NumberConfig { min, max, placeholder } = read_rest(rest, &TAKEN, place)?;
                if min.zip(max).is_some_and(|(min, max)| min > max) {
                    return Err(place.key("max").expected("a number that is not below `min`"));
                }
                Ok(Self::Number { min, max, placeholder })
            }
            "checkbox" => {
                let CheckboxConfig {} = read_rest(rest, &TAKEN, place)?;
                Ok(Self::Checkbox)
            }
            "select" => {
                let SelectConfig { options } = read_rest(rest, &TAKEN, place)?;
                Ok(Self::Select { options: choices(options, &place.key("options"))? })
            }
            "file" => {
                let FileConfig { max_bytes } = read_rest(rest, &TAKEN, place)?;
                let max_bytes = max_bytes.unwrap_or(DEFAULT_FILE_BYTES);
                if !(1..=MAX_FILE_BYTES).contains(&max_bytes) {
                    let expected = format!("a number of bytes from 1 to {MAX_FILE_BYTES}");
                    return Err(place.key("max_bytes").expected(expected));
                }
                Ok(Self::File { max_bytes })
            }
            _ => Err(place.unknown_type(kind, KINDS)),
        }
    }
}

fn choices(options: Vec<Value>, place: &Place) -> Result<Vec<Choice>, ConfigError> {
    let mut choices: Vec<Choice> = Vec::new();
    for (index, option) in options.into_iter().enumerate() {
        let place = place.key(&index.to_string());
        let choice = match option {
            Value::String(value) => Choice { label: value.clone(), value },
            Value::Object(_) => {
                let ChoiceConfig { value, label } = read(option, &place)?;
                Choice { label: label.unwrap_or_else(|| value.clone()), value }
            }
            _ => return Err(place.expected("a text, or a mapping with `value` and `label`")),
        };
        if choice.value.is_empty() || choices.iter().any(|other| other.value == choice.value) {
            return Err(place.expected("a value that is not empty and no other option's"));
        }
        choices.push(choice);
    }
    if choices.is_empty() {
        return Err(place.expected("at least one option"));
    }
    Ok(choices)
}
