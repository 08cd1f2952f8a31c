//! How values stand in a text.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Output, State, Value, escape_formatter};

/// Writes a value into a text.
pub type Write = fn(&mut Output<'_>, &mut State<'_, '_>, &Value) -> Result<(), Error>;

/// Nothing for null, and JSON for what is no text or number: the language's own `None`, `True` and
/// `['a']` are meant for Python.
pub fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(()),
        ValueKind::Bool | ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => {
            let json = serde_json::to_string(value);
            let json = json.map_err(|_| Error::from(ErrorKind::BadSerialization))?;
            out.write_str(&json).map_err(|_| Error::from(ErrorKind::WriteFailure))
        }
        _ => escape_formatter(out, state, value),
    }
}

/// The same, where there has to be something.
pub fn write_something(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if value.is_undefined() || value.is_none() || value.as_str() == Some("") {
        return Err(ErrorKind::UndefinedError.into());
    }
    write(out, state, value)
}
