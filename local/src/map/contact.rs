//! The contact, from a file or the standard input.

use std::io::Read;
use std::path::Path;

use patchcord::contacts::Fields;
use serde_json::Value;

use super::error::MapError;

/// Reads the contact in `file`; `-` is `stdin`.
pub fn read(file: &Path, stdin: impl Read) -> Result<Fields, MapError> {
    let is_stdin = file.as_os_str() == "-";
    let name = if is_stdin { "the standard input".to_owned() } else { file.display().to_string() };
    let text =
        if is_stdin { std::io::read_to_string(stdin) } else { std::fs::read_to_string(file) };
    let text = text.map_err(|source| MapError::Read { file: name.clone(), source })?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => Err(MapError::NotAContact { file: name, found: kind(&other) }),
        Err(source) => Err(MapError::Syntax { file: name, source }),
    }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}; give one of its items", items.len()),
        Value::String(_) => "a text".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Null | Value::Object(_) => "null".to_owned(),
    }
}
