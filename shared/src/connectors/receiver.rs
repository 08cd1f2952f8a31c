//! A URL of somebody's own that replies are posted to, one JSON object each, signed as Standard
//! Webhooks (<https://www.standardwebhooks.com>) where there is a key.
//!
//! What its statuses mean is what the specification says of them
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#delivery-success-and-failure>),
//! but that a 4xx is not tried again: the same would be refused in the same way.

use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use super::api::call;
use super::registry::ChannelSettings;
use crate::chat::{Outgoing, SendError, Sent};
use crate::ground::config::{ConfigError, Place};
use crate::ground::http::bearer;
use crate::ground::secret::Secret;
use crate::ground::standard_webhook::{ID, WebhookKey};

/// Where replies are posted to. It has no `Debug`: the URL may hold a token.
#[derive(Clone)]
pub struct Receiver {
    client: reqwest::Client,
    url: Url,
    authorization: Option<HeaderValue>,
    key: Option<WebhookKey>,
}

/// The key that `secret` at `place` is.
pub fn webhook_key(secret: &Secret, place: &Place) -> Result<WebhookKey, ConfigError> {
    WebhookKey::parse(secret.expose()).map_err(|error| place.error(error))
}

impl Receiver {
    /// The one at the `url` of `channel`, which gets the `token` as `Authorization: Bearer` and
    /// signatures with `key`. What the URL may be says [`ChannelSettings::https_url`].
    pub fn new(
        channel: &ChannelSettings,
        url: &str,
        token: Option<&Secret>,
        key: Option<WebhookKey>,
    ) -> Result<Self, ConfigError> {
        let url = channel.https_url("url", url)?;
        let expected = |_| channel.place.key("token").expected("a token of printable characters");
        let authorization = token.map(bearer).transpose().map_err(expected)?;
        Ok(Self { client: channel.client.clone(), url, authorization, key })
    }

    /// Posts the objects that a reply has become, in order, each with an id of its own in
    /// `webhook-id`, by which the receiver knows it if it comes again. The first has the reply's
    /// idempotency key, which is also the id of the message.
    pub async fn post(
        &self,
        outgoing: &Outgoing<'_>,
        objects: &[Value],
    ) -> Result<Sent, SendError> {
        let key = outgoing.idempotency_key();
        let start = Instant::now();
        for (index, object) in objects.iter().enumerate() {
            let id = if index == 0 { key.clone() } else { format!("{key}-{index}") };
            let remaining = outgoing.remaining.saturating_sub(start.elapsed());
            let request = self.request(outgoing, &id, object)?;
            accepted(call(request, remaining).await?.status)?;
        }
        Ok(Sent::message(key))
    }

    fn request(
        &self,
        outgoing: &Outgoing<'_>,
        id: &str,
        object: &Value,
    ) -> Result<reqwest::RequestBuilder, SendError> {
        let body = object.to_string().into_bytes();
        let mut request = self.client.post(self.url.clone());
        request = request.header(CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request = match &self.key {
            Some(key) => {
                let failed = |error| SendError::Failed(Box::new(error));
                request.headers(key.headers(id, outgoing.now, &body).map_err(failed)?)
            }
            None => request.header(ID, id),
        };
        Ok(request.body(body))
    }
}

/// What a status means that asks for no other try.
fn accepted(status: StatusCode) -> Result<(), SendError> {
    let reason = format!("status {}", status.as_u16());
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::GONE => Err(SendError::Unreachable { reason }),
        _ => Err(SendError::Refused { reason }),
    }
}
