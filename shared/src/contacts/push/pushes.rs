//! The section `contacts.push`: what is accepted as proof, and whose webhooks are understood.

use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::error::PushError;
use super::hubspot::HubSpot;
use super::pipedrive::Pipedrive;
use super::pushed::Pushed;
use super::setting::{Setting, is_template};
use crate::contacts::Fields;
use crate::ground::clock::Timestamp;
use crate::ground::config::{ConfigError, ConfigErrors, Place, Section, read};
use crate::ground::http::credentials;
use crate::ground::secret::Secret;
use crate::ground::standard_webhook::WebhookKey;

const TYPES: &str = "hubspot, pipedrive, none";

/// Verifies and reads what the external side sends. Without a key nothing is accepted.
#[derive(Default)]
pub struct Pushes {
    key: Option<Setting>,
    signing_secret: Option<Setting>,
    vendor: Vendor,
}

/// Whose webhooks.
#[derive(Default)]
enum Vendor {
    #[default]
    None,
    HubSpot(HubSpot),
    Pipedrive(Pipedrive),
}

impl Pushes {
    /// Understands the section at `place`; without one, nobody may push.
    pub fn compile(value: Option<Value>, place: &Place, errors: &mut ConfigErrors) -> Option<Self> {
        let Some(value) = value else { return Some(Self::default()) };
        let mut section = errors.note(Section::new(value, place.clone()))?;
        let key = errors.note(optional(&mut section, "key", |_| Ok(())));
        let signing_secret = errors.note(optional(&mut section, "signing_secret", |text| {
            WebhookKey::parse(text).map(drop).map_err(|error| error.to_string())
        }));
        let vendor = vendor(section, errors);
        Some(Self { key: key?, signing_secret: signing_secret?, vendor: vendor? })
    }

    /// Lets a plain request pass that has the key, or a Standard Webhooks signature over `body`
    /// with the signing secret. Where both are configured, either is enough.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        settings: &Fields,
        now: Timestamp,
    ) -> Result<(), PushError> {
        let key = value(self.key.as_ref(), settings)?;
        let signing_secret = value(self.signing_secret.as_ref(), settings)?;
        if key.is_none() && signing_secret.is_none() {
            return Err(PushError::NotConfigured);
        }
        let bearer = credentials(headers, "bearer");
        if key.zip(bearer).is_some_and(|(key, bearer)| key.matches(bearer)) {
            return Ok(());
        }
        let (Some(secret), Some(setting)) = (signing_secret, &self.signing_secret) else {
            return Err(PushError::Unauthorized);
        };
        let key = WebhookKey::parse(secret.expose());
        let key = key.map_err(|error| setting.unusable(error.to_string()))?;
        Ok(key.verify(headers, body, now)?)
    }

    /// Verifies a vendor's webhook over its raw bytes and reads it. `uri` is what the caller
    /// called: scheme, host, path and query.
    pub fn receive(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
        settings: &Fields,
        now: Timestamp,
    ) -> Result<Vec<Pushed>, PushError> {
        match &self.vendor {
            Vendor::None => Err(PushError::NotConfigured),
            Vendor::HubSpot(hubspot) => {
                hubspot.verify(method, uri, headers, body, settings, now)?;
                hubspot.read(body, settings)
            }
            Vendor::Pipedrive(pipedrive) => {
                pipedrive.verify(headers, settings)?;
                pipedrive.read(body)
            }
        }
    }
}

fn value(setting: Option<&Setting>, settings: &Fields) -> Result<Option<Secret>, PushError> {
    setting.map_or(Ok(None), |setting| setting.value(settings))
}

/// Takes out the setting `name`. What stands there literally is looked at by `check`.
fn optional(
    section: &mut Section,
    name: &str,
    check: impl FnOnce(&str) -> Result<(), String>,
) -> Result<Option<Setting>, ConfigError> {
    let place = section.place().key(name);
    let Some(value) = section.take(name) else { return Ok(None) };
    let source: Secret = read(value, &place)?;
    if !is_template(source.expose()) {
        check(source.expose()).map_err(|error| place.error(error))?;
    }
    Setting::compile(source.expose(), &place).map(Some)
}

fn vendor(mut section: Section, errors: &mut ConfigErrors) -> Option<Vendor> {
    let place = section.place().clone();
    let kind = section.take("type").unwrap_or_else(|| "none".into());
    let vendor = match kind.as_str() {
        Some("none") => {
            section.finish("key, signing_secret, type", errors);
            Ok(Vendor::None)
        }
        Some("hubspot") => HubSpot::compile(section.rest(), &place).map(Vendor::HubSpot),
        Some("pipedrive") => Pipedrive::compile(section.rest(), &place).map(Vendor::Pipedrive),
        Some(found) => Err(place.unknown_type(found, TYPES)),
        None => Err(place.key("type").expected(format!("one of: {TYPES}"))),
    };
    errors.note(vendor)
}
