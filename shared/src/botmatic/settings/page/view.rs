//! What the template shows. A secret comes in here as set or not set, and no further.

use serde::Serialize;
use serde_json::Value;

use super::{Note, SCRIPT, STYLE};
use crate::botmatic::settings::Settings;
use crate::botmatic::settings::field::{Choice, Field, Kind};
use crate::botmatic::settings::form::SettingsForm;

/// The page.
#[derive(Serialize)]
pub(super) struct View<'a> {
    style: &'static str,
    script: &'static str,
    title: &'a str,
    intro: Option<&'a str>,
    save_label: &'a str,
    /// Origins with a space between.
    frame_ancestors: String,
    token: &'a str,
    notes: &'a [Note],
    fields: Vec<FieldView<'a>>,
}

#[derive(Serialize)]
struct FieldView<'a> {
    name: &'a str,
    label: &'a str,
    help: Option<&'a str>,
    required: bool,
    #[serde(flatten)]
    control: Control<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Control<'a> {
    Text { value: &'a str, pattern: Option<&'a str>, placeholder: Option<&'a str> },
    Secret { is_set: bool, pattern: Option<&'a str>, placeholder: Option<&'a str> },
    Number { value: String, placeholder: Option<&'a str> },
    Checkbox { is_checked: bool },
    Select { value: &'a str, options: &'a [Choice] },
    File { is_set: bool, file_name: &'a str },
}

impl<'a> View<'a> {
    pub(super) fn new(
        form: &'a SettingsForm,
        token: &'a str,
        stored: &'a Settings,
        notes: &'a [Note],
    ) -> Self {
        Self {
            style: STYLE,
            script: SCRIPT,
            title: &form.title,
            intro: form.intro.as_deref(),
            save_label: &form.save_label,
            frame_ancestors: form.frame_ancestors.join(" "),
            token,
            notes,
            fields: form.fields.iter().map(|field| FieldView::new(field, stored)).collect(),
        }
    }
}

impl<'a> FieldView<'a> {
    fn new(field: &'a Field, stored: &'a Settings) -> Self {
        Self {
            name: &field.name,
            label: &field.label,
            help: field.help.as_deref(),
            required: field.required,
            control: Control::new(&field.kind, field.value(stored)),
        }
    }
}

impl<'a> Control<'a> {
    fn new(kind: &'a Kind, value: Option<&'a Value>) -> Self {
        let is_set = value.is_some();
        let text = value.and_then(Value::as_str).unwrap_or_default();
        match kind {
            Kind::Text { pattern, placeholder } => Self::Text {
                value: text,
                pattern: pattern.as_ref().and_then(|pattern| pattern.in_html()),
                placeholder: placeholder.as_deref(),
            },
            Kind::Secret { pattern, placeholder } => Self::Secret {
                is_set,
                pattern: pattern.as_ref().and_then(|pattern| pattern.in_html()),
                placeholder: placeholder.as_deref(),
            },
            Kind::Number { placeholder, .. } => Self::Number {
                value: value.map(ToString::to_string).unwrap_or_default(),
                placeholder: placeholder.as_deref(),
            },
            Kind::Checkbox => {
                Self::Checkbox { is_checked: value.and_then(Value::as_bool) == Some(true) }
            }
            Kind::Select { options } => Self::Select { value: text, options },
            Kind::File { .. } => Self::File {
                is_set,
                file_name: value.and_then(|file| file["name"].as_str()).unwrap_or_default(),
            },
        }
    }
}
