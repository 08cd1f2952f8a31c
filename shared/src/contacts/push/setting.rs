//! A key or an address of the configuration, which may come out of the integration's settings.

use serde::Serialize;
use serde_json::Value;

use super::error::PushError;
use crate::contacts::Fields;
use crate::contacts::path::FieldPath;
use crate::ground::config::{ConfigError, Place};
use crate::ground::expression::Template;
use crate::ground::secret::Secret;

/// The variable that templates have.
const SETTINGS: &str = "settings";

/// What a template may use.
#[derive(Serialize)]
struct Variables<'a> {
    settings: &'a Fields,
}

/// One such value. It has no `Debug`: it may be the key itself.
pub(super) struct Setting {
    template: Box<Template>,
    /// The settings in it.
    reads: Vec<FieldPath>,
    place: Place,
}

impl Setting {
    /// Understands the text that stands at `place`.
    pub fn compile(source: &str, place: &Place) -> Result<Self, ConfigError> {
        let template = Template::compile(source).map_err(|error| place.error(error))?;
        let reads: Option<Vec<_>> = template.variables().iter().map(|name| setting(name)).collect();
        let expected = || place.expected("a text, or a setting such as `{{ settings.push_key }}`");
        let reads = reads.ok_or_else(expected)?;
        Ok(Self { template: Box::new(template), reads, place: place.clone() })
    }

    /// Its value for one integration; none if that has not entered all of it: of `acme-` and a
    /// setting there would be a key left that anybody can guess.
    pub fn value(&self, settings: &Fields) -> Result<Option<Secret>, PushError> {
        let is_missing = |value: &Value| value.is_null() || value == "";
        if self.reads.iter().any(|path| path.get_in(settings).is_none_or(is_missing)) {
            return Ok(None);
        }
        let rendered = self.template.render(&Variables { settings });
        let text = rendered.map_err(|error| self.unusable(error.to_string()))?;
        Ok(Secret::try_from(text).ok())
    }

    /// The same where there has to be one: without it nobody may push.
    pub fn required(&self, settings: &Fields) -> Result<Secret, PushError> {
        self.value(settings)?.ok_or(PushError::NotConfigured)
    }

    /// The error that its value cannot be used.
    pub fn unusable(&self, reason: impl Into<String>) -> PushError {
        PushError::Unsendable { place: self.place.to_string(), reason: reason.into() }
    }
}

/// Whether there is anything to fill in.
pub(super) fn is_template(source: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|open| source.contains(open))
}

/// Which setting `settings.name` is. Of `settings` alone nobody knows what is read of it.
fn setting(variable: &str) -> Option<FieldPath> {
    let name = variable.strip_prefix(SETTINGS)?.strip_prefix('.')?;
    FieldPath::parse(name).ok()
}
