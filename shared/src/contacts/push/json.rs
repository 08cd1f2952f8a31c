//! JSON that came in. What is wrong with it is said by place, never by value.

use serde_json::{Map, Value};

use super::error::PushError;
use crate::contacts::ExternalId;

/// Reads a body. What `serde_json` says of a syntax error is a position, not what stands there;
/// nesting is limited to 128 levels.
pub(super) fn parse(body: &[u8]) -> Result<Value, PushError> {
    serde_json::from_slice(body).map_err(|error| PushError::malformed(format!("JSON: {error}")))
}

/// The id in the field `name` of the object at `place`.
pub(super) fn id(
    object: &Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<ExternalId, PushError> {
    let value = object.get(name).unwrap_or(&Value::Null);
    ExternalId::from_value(value).map_err(|error| {
        let what = error.to_string();
        let what = what.trim_start_matches("expected ");
        PushError::malformed(format!("{what} at `{place}{name}`"))
    })
}

/// The text in the field `name` of the object at `place`.
pub(super) fn text<'a>(
    object: &'a Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<&'a str, PushError> {
    let text = object.get(name).and_then(Value::as_str);
    text.ok_or_else(|| PushError::malformed(format!("a text at `{place}{name}`")))
}
