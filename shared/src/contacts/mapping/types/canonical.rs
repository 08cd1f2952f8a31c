//! One form for what is the same: numbers, the order of an object's fields, JSON texts.

use serde_json::{Number, Value};

/// From here on not every integer is a float: 2⁵³.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// An integer if it is one: 1.0 and 1e0 are 1.
pub fn number(number: &Number) -> Number {
    let fraction_free = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
    // Written out, since a float that is too big for an integer is no text that parses as one.
    let digits = fraction_free.map(|float| format!("{float:.0}"));
    let integer = digits.and_then(|digits| {
        let signed = digits.parse::<i64>().map(Number::from);
        signed.or_else(|_| digits.parse::<u64>().map(Number::from)).ok()
    });
    integer.unwrap_or_else(|| number.clone())
}

/// The number that `text` writes, as JSON would: no `0033`, no `1,5`. An integer that does not fit
/// into 64 bits is none, since it would lose digits; nor is a fraction an integer whose digits after
/// the point a float cannot hold.
pub fn number_of_text(text: &str) -> Option<Number> {
    let is_integer = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let written: Number = serde_json::from_str(text).ok()?;
    match written.as_f64().filter(|_| written.is_f64()) {
        Some(_) if is_integer && text != "-0" => None,
        Some(float) if float.abs() >= EXACT => Some(written),
        _ => Some(number(&written)),
    }
}

/// A text, number or boolean as a text.
pub fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(it) => Some(number(it).to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The same value with the fields of its objects in order, whatever map `serde_json` was built with.
pub fn sorted(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

/// The JSON text of `value`, the same for the same value.
pub fn json_text(value: &Value) -> String {
    sorted(value.clone()).to_string()
}
