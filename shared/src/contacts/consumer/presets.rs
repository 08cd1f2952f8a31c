//! Descriptions of well-known services: each a document in `presets/` that says of an HTTP
//! service what a user's own `type: http` would say.

use serde_json::{Map, Value};

use crate::ground::config::{ConfigError, ConfigErrors, Place};

/// A description with a few settings of its own.
pub(super) struct Preset {
    /// Its `type`.
    pub name: &'static str,
    document: &'static str,
}

/// The ones there are. A new one is a document and a line here.
pub(super) const ALL: [Preset; 3] = [
    Preset { name: "hubspot", document: include_str!("presets/hubspot.yaml") },
    Preset { name: "pipedrive", document: include_str!("presets/pipedrive.yaml") },
    Preset { name: "rest", document: include_str!("presets/rest.yaml") },
];

/// The part of a document that names its settings and their defaults; null means required.
const SETTINGS: &str = "settings";

impl Preset {
    /// The description for `given`: settings of the preset's own, and keys of `type: http` that
    /// are laid over the document.
    pub fn expand(&self, given: Value, place: &Place) -> Result<Value, ConfigErrors> {
        let one = |error: ConfigError| ConfigErrors(vec![error]);
        let Value::Object(mut given) = given else {
            return Err(one(place.expected("a mapping")));
        };
        let mut document: Map<String, Value> = yaml_serde::from_str(self.document)
            .map_err(|error| one(place.error(format!("preset {}: {error}", self.name))))?;
        let own = document.remove(SETTINGS).unwrap_or_default();
        let mut errors = ConfigErrors::default();
        let mut settings = Map::new();
        for (name, default) in own.as_object().into_iter().flatten() {
            let value = given.remove(name).unwrap_or_else(|| default.clone());
            let (fits, expected) = match default {
                Value::Array(_) => (value.is_array(), "a list"),
                _ => (value.is_string() || value.is_null(), "a text"),
            };
            if !fits {
                errors.add(place.key(name).expected(expected));
            }
            if !value.is_null() {
                settings.insert(name.clone(), value);
            }
        }
        let mut document = Value::Object(document);
        insert(&mut document, &settings);
        lay_over(&mut document, Value::Object(given));
        // A setting is needed if it is still there by its name, and not if `auth` was replaced.
        for name in own.as_object().into_iter().flatten().map(|(name, _)| name) {
            if is_used(&document, &format!("${name}")) {
                errors.add(place.key(name).expected("a value; it is required"));
            }
        }
        errors.into_result(Some(document))
    }
}

fn is_used(tree: &Value, text: &str) -> bool {
    match tree {
        Value::String(other) => other == text,
        Value::Array(items) => items.iter().any(|item| is_used(item, text)),
        Value::Object(fields) => fields.values().any(|field| is_used(field, text)),
        _ => false,
    }
}

/// Puts the settings in the place of their names: `$token` becomes the value itself, and within
/// an expression, `{{ $properties | join(",") }}`, its JSON.
fn insert(tree: &mut Value, settings: &Map<String, Value>) {
    match tree {
        Value::String(text) => {
            if let Some(value) = text.strip_prefix('$').and_then(|name| settings.get(name)) {
                *tree = value.clone();
                return;
            }
            for (name, value) in settings {
                *text = text.replace(&format!("${name}"), &value.to_string());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| insert(item, settings)),
        Value::Object(fields) => fields.values_mut().for_each(|field| insert(field, settings)),
        _ => {}
    }
}

/// Objects are joined, everything else is replaced; also what says by `type` what it is.
fn lay_over(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) if !above.contains_key("type") => {
            for (name, value) in above {
                lay_over(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}
