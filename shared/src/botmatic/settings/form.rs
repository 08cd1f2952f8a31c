//! The form as `patchcord.yaml` declares it.

use minijinja::Environment;
use reqwest::Url;
use serde_json::Value;

use super::field::Field;
use super::page;
use crate::ground::config::{ConfigError, ConfigErrors, Place, Section, read};

const KEYS: &str = "title, intro, save_label, frame_ancestors, fields";
/// Where Botmatic shows the page.
const BOTMATIC: &str = "https://app.botmatic.ai";

/// The section `botmatic.settings`, understood.
pub struct SettingsForm {
    pub(super) title: String,
    pub(super) intro: Option<String>,
    pub(super) save_label: String,
    /// The origins that may show the page in a frame, and exchange messages with it.
    pub(super) frame_ancestors: Vec<String>,
    pub(super) fields: Vec<Field>,
    pub(super) headers: http::HeaderMap,
    pub(super) template: Environment<'static>,
}

impl SettingsForm {
    /// Understands the section at `place`, and notes every mistake it finds.
    pub fn compile(value: Value, place: &Place, errors: &mut ConfigErrors) -> Option<Self> {
        let mut section = errors.note(Section::new(value, place.clone()))?;
        let mut text = |name: &str, errors: &mut ConfigErrors| {
            let value = section.take(name)?;
            errors.note(read::<String>(value, &place.key(name)))
        };
        let title = text("title", errors).unwrap_or_else(|| "Settings".to_owned());
        let intro = text("intro", errors);
        let save_label = text("save_label", errors).unwrap_or_else(|| "Save".to_owned());
        let frame_ancestors = match section.take("frame_ancestors") {
            None => Some(vec![BOTMATIC.to_owned()]),
            Some(value) => errors.note(origins(value, &place.key("frame_ancestors"))),
        };
        let fields = section.take("fields").unwrap_or_else(|| Value::Array(Vec::new()));
        let fields = read_fields(fields, &place.key("fields"), errors);
        section.finish(KEYS, errors);
        let frame_ancestors = frame_ancestors?;
        let headers = errors.note(page::headers(&frame_ancestors).map_err(|e| place.error(e)))?;
        let template = errors.note(page::template().map_err(|e| place.error(e)))?;
        let fields = fields?;
        Some(Self { title, intro, save_label, frame_ancestors, fields, headers, template })
    }
}

fn read_fields(value: Value, place: &Place, errors: &mut ConfigErrors) -> Option<Vec<Field>> {
    let Value::Array(values) = value else {
        return errors.note(Err(place.expected("a list of fields")));
    };
    let count = values.len();
    let mut fields: Vec<Field> = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let place = place.key(&index.to_string());
        let Some(field) = errors.note(Field::compile(value, &place)) else { continue };
        if fields.iter().any(|other| other.name == field.name) {
            errors.add(place.key("name").expected("a name that no other field has"));
        }
        fields.push(field);
    }
    (fields.len() == count).then_some(fields)
}

/// Origins only, each written as browsers write it. A wildcard would do for the header, and not as
/// the target of a message, where the page needs one origin.
fn origins(value: Value, place: &Place) -> Result<Vec<String>, ConfigError> {
    let origins: Vec<String> = read(value, place)?;
    for (index, origin) in origins.iter().enumerate() {
        let is_origin = Url::parse(origin).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.origin().ascii_serialization() == *origin
        });
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ":/.-[]".contains(c);
        if !is_origin || !origin.chars().all(is_plain) {
            let expected = format!("an origin such as {BOTMATIC}, without a path or a wildcard");
            return Err(place.key(&index.to_string()).expected(expected));
        }
    }
    if origins.is_empty() {
        return Err(place.expected("at least one origin; without any, nobody could show the page"));
    }
    Ok(origins)
}

#[cfg(test)]
mod tests;
