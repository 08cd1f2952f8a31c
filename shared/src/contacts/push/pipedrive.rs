//! Pipedrive's webhooks, versions 1 and 2. They are not signed: Pipedrive sends the user and the
//! password that were entered when the webhook was made, as HTTP basic authentication.
//!
//! - <https://pipedrive.readme.io/docs/guide-for-webhooks-v2>
//! - <https://pipedrive.readme.io/docs/guide-for-webhooks>
//!
//! One event a request; up to three repetitions within minutes, and after ten failures a ban of
//! half an hour during which events are lost. What the person holds is in `data` (version 2) or
//! `current` (version 1), and neither is what the API answers: addresses are lists, custom fields
//! are elsewhere, and of version 2 only “crucial information” is there
//! (<https://pipedrive.readme.io/docs/webhooks-v2-migration-guide>). So the person is read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::error::PushError;
use super::json;
use super::pushed::Pushed;
use super::setting::{Setting, is_template};
use crate::contacts::Fields;
use crate::ground::config::{ConfigError, Place, read};
use crate::ground::http::credentials;
use crate::ground::secret::Secret;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PipedriveConfig {
    /// `http_auth_user` of the webhook.
    user: Secret,
    /// `http_auth_password` of the webhook.
    password: Secret,
}

/// Pipedrive's section.
pub(super) struct Pipedrive {
    user: Setting,
    password: Setting,
}

impl Pipedrive {
    /// Understands the section at `place`.
    pub fn compile(value: Value, place: &Place) -> Result<Self, ConfigError> {
        let config: PipedriveConfig = read(value, place)?;
        let (user, password) = (config.user.expose(), config.password.expose());
        if !is_template(user) && user.contains(':') {
            return Err(place.key("user").expected("a name without a colon, which would end it"));
        }
        Ok(Self {
            user: Setting::compile(user, &place.key("user"))?,
            password: Setting::compile(password, &place.key("password"))?,
        })
    }

    /// Lets a request pass that has the credentials
    /// (<https://www.rfc-editor.org/rfc/rfc7617#section-2>).
    pub fn verify(&self, headers: &HeaderMap, settings: &Fields) -> Result<(), PushError> {
        let (user, password) = (self.user.required(settings)?, self.password.required(settings)?);
        let pair = STANDARD.encode(format!("{}:{}", user.expose(), password.expose()));
        let pair = Secret::try_from(pair).map_err(|_| PushError::NotConfigured)?;
        match credentials(headers, "basic") {
            Some(given) if pair.matches(given) => Ok(()),
            _ => Err(PushError::Unauthorized),
        }
    }

    /// What the request says.
    #[expect(clippy::unused_self, reason = "a vendor is verified, then read")]
    pub fn read(&self, body: &[u8]) -> Result<Vec<Pushed>, PushError> {
        let body = json::parse(body)?;
        let Some(meta) = body.get("meta").and_then(Value::as_object) else {
            return Err(PushError::malformed("an object at `meta`"));
        };
        // In version 2, `id` is the event's.
        let (entity, id) =
            if meta.contains_key("entity") { ("entity", "entity_id") } else { ("object", "id") };
        if json::text(meta, entity, "meta.")? != "person" {
            return Ok(vec![Pushed::Ignored]);
        }
        let action = json::text(meta, "action", "meta.")?;
        let id = || json::id(meta, id, "meta.");
        Ok(vec![match action {
            "create" | "added" => Pushed::Created { id: id()?, fields: None },
            // Of a merger, the person that is left; of the other one we are told by a deletion.
            "change" | "updated" | "merged" => Pushed::Changed { id: id()?, fields: None },
            "delete" | "deleted" => Pushed::Deleted { id: id()? },
            _ => Pushed::Ignored,
        }])
    }
}
