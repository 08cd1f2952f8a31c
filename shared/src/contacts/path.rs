//! Dotted paths into nested objects and arrays: `properties.emails.0.value`.

use std::fmt;

use serde_json::{Map, Value};

/// An array is not grown beyond this by writing to a path.
const MAX_INDEX: usize = 99;

/// A path: names of fields and positions in arrays, separated by dots.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath(Vec<String>);

/// A path that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected names separated by dots, such as `properties.email` or `emails.0.value`")]
pub struct InvalidPath;

impl FieldPath {
    /// The path that `text` writes.
    pub fn parse(text: &str) -> Result<Self, InvalidPath> {
        let segments: Vec<String> = text.split('.').map(str::to_owned).collect();
        if segments.iter().any(String::is_empty) { Err(InvalidPath) } else { Ok(Self(segments)) }
    }

    /// What stands there in `root`, if anything does.
    pub fn get<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(root, |value, segment| match value {
            Value::Object(fields) => fields.get(segment),
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The same in a contact.
    pub fn get_in<'a>(&self, fields: &'a Map<String, Value>) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        let rest = Self(rest.to_vec());
        rest.get(fields.get(first)?)
    }

    /// Writes `value` there. What is missing on the way is made: a number makes an array, filled
    /// with nulls before it, anything else an object. What stands in the way is replaced.
    pub fn set_in(&self, fields: &mut Map<String, Value>, value: Value) {
        let Some((first, rest)) = self.0.split_first() else { return };
        set(fields.entry(first.as_str()).or_insert(Value::Null), rest, value);
    }
}

fn set(slot: &mut Value, path: &[String], value: Value) {
    let Some((segment, rest)) = path.split_first() else {
        *slot = value;
        return;
    };
    let index = segment.parse::<usize>().ok().filter(|index| *index <= MAX_INDEX);
    match (slot, index) {
        (Value::Array(items), Some(index)) => {
            items.resize(items.len().max(index + 1), Value::Null);
            set(&mut items[index], rest, value);
        }
        (Value::Object(fields), _) => {
            set(fields.entry(segment.as_str()).or_insert(Value::Null), rest, value);
        }
        (slot, index) => {
            *slot =
                if index.is_some() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
            set(slot, path, value);
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_set_is_found_again() {
        for (path, expected) in [
            ("email", json!({"email": "x"})),
            ("a.b.c", json!({"a": {"b": {"c": "x"}}})),
            ("emails.1.value", json!({"emails": [null, {"value": "x"}]})),
            ("a.100", json!({"a": {"100": "x"}})),
        ] {
            let path = FieldPath::parse(path).unwrap();
            let mut fields = Map::new();
            path.set_in(&mut fields, json!("x"));
            assert_eq!(Value::Object(fields.clone()), expected);
            assert_eq!(path.get_in(&fields), Some(&json!("x")), "{path}");
        }
        let mut fields = json!({"a": 1, "b": {"c": 2}}).as_object().unwrap().clone();
        FieldPath::parse("a.b").unwrap().set_in(&mut fields, json!(3));
        FieldPath::parse("b.d").unwrap().set_in(&mut fields, json!(4));
        assert_eq!(Value::Object(fields), json!({"a": {"b": 3}, "b": {"c": 2, "d": 4}}));
        assert_eq!(FieldPath::parse("a..b"), Err(InvalidPath));
        assert_eq!(FieldPath::parse("").unwrap_err(), InvalidPath);
    }
}
