//! Dotted paths into nested objects and arrays: `properties.emails.0.value`.

mod claims;

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use claims::{Claims, Overlap};

/// An array is not grown beyond this by writing to a path.
const MAX_INDEX: usize = 99;
/// A longer path is a mistake. JSON nested deeper than 128 is not read either.
const MAX_SEGMENTS: usize = 32;

/// A path: names of fields and positions in arrays, separated by dots. `\.` is a dot in a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath(Arc<[String]>);

/// A path that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected at most {MAX_SEGMENTS} names separated by dots, such as `properties.email` or \
     `emails.0.value`"
)]
pub struct InvalidPath;

impl FieldPath {
    /// The path that `text` writes.
    pub fn parse(text: &str) -> Result<Self, InvalidPath> {
        let mut segments = vec![String::new()];
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let dot = if character == '\\' { characters.next_if_eq(&'.') } else { None };
            match (segments.last_mut(), character) {
                (Some(segment), _) if dot.is_some() => segment.push('.'),
                (Some(segment), character) if character != '.' => segment.push(character),
                _ => segments.push(String::new()),
            }
        }
        let is_path = segments.len() <= MAX_SEGMENTS && !segments.iter().any(String::is_empty);
        if is_path { Ok(Self(segments.into())) } else { Err(InvalidPath) }
    }

    /// The field `name` of a contact, whatever dots it has.
    pub fn field(name: impl Into<String>) -> Result<Self, InvalidPath> {
        let name = name.into();
        if name.is_empty() { Err(InvalidPath) } else { Ok(Self(Arc::new([name]))) }
    }

    /// What stands there in `root`, if anything does.
    pub fn get<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        get(root, &self.0)
    }

    /// The same in a contact.
    pub fn get_in<'a>(&self, fields: &'a Map<String, Value>) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        get(fields.get(first)?, rest)
    }

    /// Writes `value` there. What is missing on the way is made: a number below 100 makes an
    /// array, filled with nulls before it, anything else an object. What stands in the way is
    /// replaced.
    pub fn set_in(&self, fields: &mut Map<String, Value>, value: Value) {
        let Some((first, rest)) = self.0.split_first() else { return };
        set(fields.entry(first.as_str()).or_insert(Value::Null), rest, value);
    }

    /// Whether `other` is this path, or leads to something inside of what stands there.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Whether both lead into the same array.
    pub fn shares_list(&self, other: &Self) -> bool {
        let list = self.0.iter().position(|segment| position(segment).is_some());
        list.is_some_and(|list| {
            list > 0 && other.0.len() > list && self.0[..list] == other.0[..list]
        })
    }
}

fn get<'a>(root: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(root, |value, segment| match value {
        Value::Object(fields) => fields.get(segment),
        Value::Array(items) => items.get(position(segment)?),
        _ => None,
    })
}

fn set(slot: &mut Value, path: &[String], value: Value) {
    let Some((segment, rest)) = path.split_first() else {
        *slot = value;
        return;
    };
    let index = index(segment);
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

/// The position in an array that `segment` writes: digits, no sign, no zero before others.
fn position(segment: &str) -> Option<usize> {
    let is_written_so = segment == "0" || !segment.starts_with(['0', '+']);
    segment.parse().ok().filter(|_| is_written_so)
}

/// The same, where it may make an array.
fn index(segment: &str) -> Option<usize> {
    position(segment).filter(|index| *index <= MAX_INDEX)
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let segments: Vec<_> = self.0.iter().map(|segment| segment.replace('.', "\\.")).collect();
        f.write_str(&segments.join("."))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_into_one_array_belong_together() {
        let path = |text| FieldPath::parse(text).unwrap();
        for (one, other, expected) in [
            ("emails.0.value", "emails.1.value", true),
            ("emails.0.value", "phones.0.value", false),
            ("properties.email", "properties.phone", false),
            ("emails.0.value", "emails", false),
        ] {
            assert_eq!(path(one).shares_list(&path(other)), expected, "{one} and {other}");
        }
    }

    #[test]
    fn what_is_set_is_found_again() {
        for (path, expected) in [
            ("email", json!({"email": "x"})),
            ("a.b.c", json!({"a": {"b": {"c": "x"}}})),
            ("emails.1.value", json!({"emails": [null, {"value": "x"}]})),
            ("a.100", json!({"a": {"100": "x"}})),
            ("a.+1", json!({"a": {"+1": "x"}})),
            ("a.01", json!({"a": {"01": "x"}})),
            (r"a\.b.c", json!({"a.b": {"c": "x"}})),
            (r"a\b", json!({"a\\b": "x"})),
        ] {
            let parsed = FieldPath::parse(path).unwrap();
            let mut fields = Map::new();
            parsed.set_in(&mut fields, json!("x"));
            assert_eq!(Value::Object(fields.clone()), expected);
            assert_eq!(parsed.get_in(&fields), Some(&json!("x")), "{path}");
            assert_eq!(parsed.get(&Value::Object(fields)), Some(&json!("x")), "{path}");
            assert_eq!(parsed.to_string(), path);
        }
        let mut fields = json!({"a": 1, "b": {"c": 2}}).as_object().unwrap().clone();
        FieldPath::parse("a.b").unwrap().set_in(&mut fields, json!(3));
        FieldPath::parse("b.d").unwrap().set_in(&mut fields, json!(4));
        assert_eq!(Value::Object(fields), json!({"a": {"b": 3}, "b": {"c": 2, "d": 4}}));
    }

    #[test]
    fn a_text_that_is_no_path_is_refused() {
        for text in ["", ".", "a.", ".a", "a..b", &["a"; 33].join(".")] {
            assert_eq!(FieldPath::parse(text), Err(InvalidPath), "{text}");
        }
        let dotted = FieldPath::field("a.b").unwrap();
        assert_eq!((dotted.to_string().as_str(), dotted.0.len()), (r"a\.b", 1));
        assert_eq!(FieldPath::field(""), Err(InvalidPath));
    }
}
