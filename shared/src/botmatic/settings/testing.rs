//! What the tests of the modules share: a form with every kind of field.

use serde_json::{Value, json};

use super::{Settings, SettingsForm};
use crate::ground::config::{ConfigErrors, Place};

/// The form of `value`, or its mistakes, a line each.
pub(super) fn compile(value: Value) -> Result<SettingsForm, String> {
    let mut errors = ConfigErrors::default();
    let place = Place::root().key("botmatic").key("settings");
    let form = SettingsForm::compile(value, &place, &mut errors);
    errors.into_result(form).map_err(|errors| errors.to_string())
}

/// A form of these fields.
pub(super) fn form(fields: &Value) -> SettingsForm {
    compile(json!({"fields": fields})).unwrap()
}

/// A form with every kind of field, nothing required.
pub(super) fn every_kind() -> SettingsForm {
    form(&json!([
        {"name": "company", "type": "text", "label": "Company"},
        {"name": "api_key", "type": "secret", "label": "API key"},
        {"name": "limit", "type": "number", "label": "Limit", "min": 1, "max": 9.5},
        {"name": "active", "type": "checkbox", "label": "Active"},
        {"name": "region", "type": "select", "label": "Region", "options": ["eu", "us"]},
        {"name": "certificate", "type": "file", "label": "Certificate", "max_bytes": 10},
    ]))
}

/// The fields of `value` as settings.
pub(super) fn settings(value: Value) -> Settings {
    match value {
        Value::Object(settings) => settings,
        other => panic!("expected an object, got {other}"),
    }
}
