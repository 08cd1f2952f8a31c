//! From what was submitted to what is stored, or to what is wrong with it, field by field.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::field::Field;
use super::form::SettingsForm;
use super::{Settings, Submission};

/// The most that the settings of one integration may take as JSON. Sealed they are a third longer,
/// which leaves room in an item of DynamoDB, which has 400 KB at most
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).
pub const MAX_SETTINGS_BYTES: usize = 200_000;

/// What is wrong, by field: texts, never HTML.
pub type FieldErrors = BTreeMap<String, String>;

/// The answer to a save: `{"success": true}`, or `{"success": false, "errorFields": {…}}`.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    success: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    error_fields: FieldErrors,
}

impl Outcome {
    /// The settings are stored.
    pub fn saved() -> Self {
        Self { success: true, error_fields: FieldErrors::new() }
    }

    /// Nothing was stored, because of these mistakes.
    pub fn refused(error_fields: FieldErrors) -> Self {
        Self { success: false, error_fields }
    }
}

impl SettingsForm {
    /// The settings to store in place of `stored`, or everything that is wrong. A form is sent
    /// whole: a field that is not there is empty. A secret or file that is empty stays as it is,
    /// unless `NAME.remove` is ticked.
    pub fn validate(
        &self,
        submission: &Submission,
        stored: &Settings,
    ) -> Result<Settings, FieldErrors> {
        let submitted = &submission.values;
        let mut errors = FieldErrors::new();
        let mut settings = Settings::new();
        for field in &self.fields {
            let is_removed = field.removal().and_then(|name| submitted.get(&name));
            let is_removed = is_removed.is_some_and(|value| *value == true || *value == "on");
            match field.check(submitted.get(&field.name), is_removed, stored) {
                Ok(value) => drop(settings.insert(field.name.clone(), value)),
                Err(message) => drop(errors.insert(field.name.clone(), message)),
            }
        }
        errors.extend(self.unknown(submitted));
        if errors.is_empty() {
            errors.extend(too_large(&settings));
        }
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }

    /// The settings as templates see them (`{{ settings.api_key }}`): what was stored, and the
    /// defaults of fields that were not there when it was.
    #[must_use]
    pub fn values(&self, stored: &Settings) -> Settings {
        let value = |field: &Field| Some((field.name.clone(), field.value(stored)?.clone()));
        self.fields.iter().filter_map(value).collect()
    }

    fn unknown(&self, submitted: &Map<String, Value>) -> FieldErrors {
        let is_known = |name: &String| {
            let mut fields = self.fields.iter();
            fields.any(|field| field.name == *name || field.removal().as_ref() == Some(name))
        };
        let unknown = submitted.keys().filter(|name| !is_known(name));
        unknown.map(|name| (name.clone(), "Unknown field".to_owned())).collect()
    }
}

/// The mistake of the longest field, if all of them together are too long.
fn too_large(settings: &Settings) -> Option<(String, String)> {
    let all = serde_json::to_vec(settings).map_or(usize::MAX, |json| json.len());
    if all <= MAX_SETTINGS_BYTES {
        return None;
    }
    let (longest, _) = settings.iter().max_by_key(|(_, value)| value.to_string().len())?;
    let message = format!("Too long: all settings together may have {MAX_SETTINGS_BYTES} bytes");
    Some((longest.clone(), message))
}

#[cfg(test)]
mod tests;
