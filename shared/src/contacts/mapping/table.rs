//! `values`: how a side writes the values of a closed set.

use std::collections::HashMap;

use serde_json::Value;

use super::failure::Failure;
use super::types::{Type, scalar_text};
use crate::ground::config::{ConfigErrors, Place, Section};

/// The set, looked up from both ends. Keys are texts: a notation `1` and `"1"` are the same.
#[derive(Clone, Debug)]
pub struct Table {
    by_notation: HashMap<String, Value>,
    by_meaning: HashMap<String, Value>,
    expected: [Failure; 2],
}

impl Table {
    /// `value` says for each meaning how it is written: one notation, or several, of which the
    /// first is written and all are read.
    pub fn compile(
        value: Value,
        r#type: Type,
        place: &Place,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        let mut by_notation = HashMap::new();
        let mut by_meaning = HashMap::new();
        for (meaning, notations, place) in
            errors.note(Section::new(value, place.clone()))?.into_entries()
        {
            let typed = r#type.read(Value::String(meaning));
            let typed = errors.note(typed.map_err(|failure| place.error(failure)))?;
            let notations = match notations {
                Value::Array(notations) => notations,
                one => vec![one],
            };
            for notation in &notations {
                let text = scalar_text(notation).filter(|text| !text.is_empty());
                let text = text.ok_or_else(|| {
                    place.expected("a text, a number or a boolean, or a list of them")
                });
                if by_notation.insert(errors.note(text)?, typed.clone()).is_some() {
                    errors.add(place.expected("a notation that no other value of the table has"));
                }
            }
            let key = scalar_text(&typed);
            let (Some(first), Some(key)) = (notations.into_iter().next(), key) else {
                errors.add(place.expected("at least one notation"));
                return None;
            };
            by_meaning.insert(key, first);
        }
        let expected = [names(&by_notation), names(&by_meaning)];
        Some(Self { by_notation, by_meaning, expected })
    }

    /// What is meant by this side's `value`.
    pub fn parse(&self, value: &Value) -> Result<Value, Failure> {
        look_up(&self.by_notation, value).ok_or_else(|| self.expected[0].clone())
    }

    /// How this side writes `value`.
    pub fn print(&self, value: &Value) -> Result<Value, Failure> {
        look_up(&self.by_meaning, value).ok_or_else(|| self.expected[1].clone())
    }
}

fn look_up(table: &HashMap<String, Value>, value: &Value) -> Option<Value> {
    table.get(&scalar_text(value)?).cloned()
}

/// What is said of a value that is not in the table: its keys are the configuration's.
pub fn names(table: &HashMap<String, Value>) -> Failure {
    let mut names: Vec<_> = table.keys().map(String::as_str).collect();
    names.sort_unstable();
    Failure::expected(&format!("one of the table's values: {}", names.join(", ")))
}
