//! What both sides of a pair were last known to hold, as fingerprints field by field.
//!
//! An event that tells nothing new is the echo of our own writing, or a repetition: it is dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::guard::Guard;
use crate::contacts::Side;
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// What both sides hold, as far as we know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// By the mapping's name: Botmatic's value, the external one.
    #[serde(rename = "f")]
    fields: BTreeMap<String, (Option<Fingerprint>, Option<Fingerprint>)>,
    /// The newest modification that Botmatic has told of, in its own words.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// When something was last written to either side.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub last_written: Option<Timestamp>,
    /// Keeps two sides that correct each other from doing so for ever.
    #[serde(rename = "g", skip_serializing_if = "Guard::is_empty")]
    pub(in crate::contacts) guard: Guard,
}

impl View {
    /// Whether `side` is known to hold `value` in the field `name`.
    pub fn holds(&self, side: Side, name: &str, value: &Value) -> bool {
        let (botmatic, external) = self.fields.get(name).copied().unwrap_or_default();
        let held = match side {
            Side::Botmatic => botmatic,
            Side::External => external,
        };
        held == Some(Fingerprint::of_value(value))
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same of the fields only of which `side` is known to hold what `value_of` says.
    #[must_use]
    pub fn where_held<'v>(
        mut self,
        side: Side,
        value_of: impl Fn(&str) -> Option<&'v Value>,
    ) -> Self {
        let mut fields = std::mem::take(&mut self.fields);
        fields.retain(|name, (botmatic, external)| {
            let held = match side {
                Side::Botmatic => botmatic,
                Side::External => external,
            };
            value_of(name).is_some_and(|value| *held == Some(Fingerprint::of_value(value)))
        });
        Self { fields, ..self }
    }

    /// Remembers that `side` holds `value` in the field `name`.
    pub fn note(&mut self, side: Side, name: &str, value: &Value) {
        let (botmatic, external) = self.fields.entry(name.to_owned()).or_default();
        let held = match side {
            Side::Botmatic => botmatic,
            Side::External => external,
        };
        *held = Some(Fingerprint::of_value(value));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_knows_what_was_noted_on_each_side() {
        let mut view = View::default();
        view.note(Side::Botmatic, "firstname", &json!("Ada"));
        view.note(Side::External, "firstname", &json!("ADA"));
        let stored = serde_json::to_string(&view).unwrap();
        let view: View = serde_json::from_str(&stored).unwrap();
        for (side, value, expected) in [
            (Side::Botmatic, "Ada", true),
            (Side::Botmatic, "ADA", false),
            (Side::External, "ADA", true),
        ] {
            assert_eq!(view.holds(side, "firstname", &json!(value)), expected, "{side:?} {value}");
        }
        assert!(!view.holds(Side::Botmatic, "lastname", &json!("Ada")));
        assert!(!stored.contains("Ada"), "{stored}");
    }

    #[test]
    fn of_what_has_changed_since_nothing_is_known() {
        let mut view = View { order: Some("1".to_owned()), ..View::default() };
        for (name, value) in [("firstname", "Ada"), ("city", "Paris"), ("email", "a@b.c")] {
            view.note(Side::Botmatic, name, &json!(value));
            view.note(Side::External, name, &json!(value));
        }
        let (same, changed) = (json!("Ada"), json!("Rome"));
        let value_of = |name: &str| match name {
            "firstname" => Some(&same),
            "city" => Some(&changed),
            _ => None,
        };
        let view = view.where_held(Side::External, value_of);
        assert!(view.holds(Side::Botmatic, "firstname", &same), "of both sides");
        for name in ["city", "email"] {
            for value in ["Paris", "Rome", "a@b.c"] {
                assert!(!view.holds(Side::Botmatic, name, &json!(value)), "{name} {value}");
            }
        }
        assert_eq!(view.order.as_deref(), Some("1"));
    }
}
