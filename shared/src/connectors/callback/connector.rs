//! The connector: its settings, and what it does with a request and a reply.

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::chat::{
    Connector, Delivery, Event, Outgoing, Received, ReplyKind, RequestError, SendError, Sent,
    WebhookRequest,
};
use crate::connectors::auth::AuthConfig;
use crate::connectors::receiver::{Receiver, webhook_key};
use crate::connectors::registry::ChannelSettings;
use crate::connectors::rest::{RestConfig, RestConnector, encode};
use crate::ground::clock::Timestamp;
use crate::ground::config::ConfigError;
use crate::ground::secret::Secret;

/// What a message is answered
/// (<https://github.com/RasaHQ/rasa/blob/main/rasa/core/channels/callback.py>).
const SUCCESS: &str = "success";

/// A channel of `type: callback`. It has no `Debug`: the URL may hold a token.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackConfig {
    /// Where replies are posted to.
    pub url: String,
    /// What the receiver gets as `Authorization: Bearer`.
    #[serde(default)]
    pub token: Option<Secret>,
    /// What replies are signed with, as Standard Webhooks: `whsec_` and base64.
    #[serde(default)]
    pub signing_key: Option<Secret>,
    /// How callers prove who they are.
    #[serde(default)]
    pub auth: AuthConfig,
    /// Whether everybody may call, where `auth` asks for nothing. Not needed on a local machine.
    #[serde(default)]
    pub public: bool,
}

/// Rasa's callback channel.
#[derive(Clone)]
pub struct CallbackConnector {
    rest: RestConnector,
    receiver: Receiver,
}

impl CallbackConnector {
    /// A channel of the configuration. Refused where anybody could call it and the configuration
    /// does not say that this is meant.
    pub fn from_settings(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        let config: CallbackConfig = channel.read()?;
        let CallbackConfig { url, token, signing_key, auth, public } = config;
        let place = channel.place.key("signing_key");
        let key = signing_key.map(|key| webhook_key(&key, &place)).transpose()?;
        let receiver = Receiver::new(channel, &url, token.as_ref(), key)?;
        Ok(Self { rest: RestConnector::new(RestConfig { auth, public }, channel)?, receiver })
    }

    /// Takes the metadata for the bot from somewhere else than the field `metadata`, as
    /// [`RestConnector::with_metadata`] does.
    #[must_use]
    pub fn with_metadata(
        self,
        extract: impl Fn(&WebhookRequest, &Value) -> Result<Map<String, Value>, RequestError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { rest: self.rest.with_metadata(extract), ..self }
    }
}

#[async_trait]
impl Connector for CallbackConnector {
    fn platform(&self) -> &'static str {
        "callback"
    }

    async fn verify(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError> {
        self.rest.verify(request, now).await
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let events = vec![self.rest.event(self.platform(), request)?];
        let mut acknowledgement = Response::new(Bytes::from_static(SUCCESS.as_bytes()));
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        acknowledgement.headers_mut().insert(CONTENT_TYPE, text);
        Ok(Received { events, acknowledgement, ..Received::default() })
    }

    fn extend_event(&self, event: &mut Event) {
        self.rest.extend_event(event);
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        self.rest.session_key(event)
    }

    fn supports(&self, kind: ReplyKind) -> bool {
        self.rest.supports(kind)
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Queued, Delivery::Inline]
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let objects = encode(&outgoing.target.room, outgoing.reply)?;
        self.receiver.post(outgoing, &objects).await
    }
}
