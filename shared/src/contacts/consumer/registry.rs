//! The consumers that `type` may name in the section `contacts.consumer`: the built-in ones, and
//! those that a `main.rs` adds.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ExternalConsumer;
use super::http::HttpConsumer;
use super::presets;
use crate::ground::config::{ConfigErrors, Place, Section, read_rest};
use crate::ground::http::HttpParts;

/// The section `contacts.consumer`, to make a consumer of.
pub struct ConsumerSettings {
    /// Where the section stands in the configuration, for errors.
    pub place: Place,
    /// What a consumer needs of the function: HTTP client, clock, jitter.
    pub parts: HttpParts,
    settings: Value,
}

impl ConsumerSettings {
    /// The settings without `type`, references resolved. Give `T` `#[serde(deny_unknown_fields)]`,
    /// so that a misspelt setting is reported.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let settings = errors.note(read_rest(self.settings.clone(), &["type"], &self.place));
        errors.into_result(settings)
    }
}

type Make =
    dyn Fn(&ConsumerSettings) -> Result<Arc<dyn ExternalConsumer>, ConfigErrors> + Send + Sync;

/// Consumers by type.
pub struct Consumers(BTreeMap<String, Box<Make>>);

impl Consumers {
    /// The ones that come with Patchcord.
    pub fn built_in() -> Self {
        let mut consumers = Self(BTreeMap::new())
            .with("http", |it| HttpConsumer::new(it.settings.clone(), it.parts.clone(), &it.place));
        for preset in presets::ALL {
            consumers = consumers.with(preset.name, move |it| {
                let settings = preset.expand(it.settings.clone(), &it.place)?;
                HttpConsumer::new(settings, it.parts.clone(), &it.place)
            });
        }
        consumers
    }

    /// Adds a consumer, so that `type: kind` is made by `make`.
    #[must_use]
    pub fn with<C: ExternalConsumer>(
        mut self,
        kind: &str,
        make: impl Fn(&ConsumerSettings) -> Result<C, ConfigErrors> + Send + Sync + 'static,
    ) -> Self {
        let make = move |settings: &ConsumerSettings| {
            let consumer: Arc<dyn ExternalConsumer> = Arc::new(make(settings)?);
            Ok(consumer)
        };
        self.0.insert(kind.to_owned(), Box::new(make));
        self
    }

    /// The consumer of the section `value`, which stands at `place`.
    pub fn make(
        &self,
        value: Value,
        parts: HttpParts,
        place: &Place,
    ) -> Result<Arc<dyn ExternalConsumer>, ConfigErrors> {
        let known = self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let kind = Section::new(value, place.clone()).and_then(|mut section| {
            let kind = section.take_type(&known)?;
            let Some(make) = self.0.get(&kind) else {
                return Err(place.unknown_type(&kind, &known));
            };
            Ok((make, section.rest()))
        });
        let (make, settings) = kind.map_err(|error| ConfigErrors(vec![error]))?;
        make(&ConsumerSettings { place: place.clone(), parts, settings })
    }
}
