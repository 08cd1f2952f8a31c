//! A key or an address of the configuration, which may come out of the integration's settings.

use serde::Serialize;

use super::error::PushError;
use crate::contacts::Fields;
use crate::ground::config::{ConfigError, Place};
use crate::ground::expression::Template;
use crate::ground::secret::Secret;

/// What a template may use.
#[derive(Serialize)]
struct Variables<'a> {
    settings: &'a Fields,
}

/// One such value. It has no `Debug`: it may be the key itself.
pub(super) struct Setting {
    template: Box<Template>,
    place: Place,
}

impl Setting {
    /// Understands the text that stands at `place`.
    pub fn compile(source: &str, place: &Place) -> Result<Self, ConfigError> {
        if is_template(source) && !source.contains("settings") {
            return Err(place.expected("a text, or a setting such as `{{ settings.push_key }}`"));
        }
        let template = Template::compile(source).map_err(|error| place.error(error))?;
        Ok(Self { template: Box::new(template), place: place.clone() })
    }

    /// Its value for one integration; none if that has not entered it.
    pub fn value(&self, settings: &Fields) -> Result<Option<Secret>, PushError> {
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
