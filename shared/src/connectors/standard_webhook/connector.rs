//! The bridge: signatures in, webhooks out.

use async_trait::async_trait;

use super::config::StandardWebhookConfig;
use super::events::{Mapping, PLATFORM};
use super::fields::Fields;
use super::replies::bodies;
use crate::chat::{
    Connector, Delivery, Event, Outgoing, Received, ReplyKind, RequestError, SendError, Sent,
    WebhookRequest,
};
use crate::connectors::receiver::{Receiver, webhook_key};
use crate::connectors::registry::ChannelSettings;
use crate::connectors::rest::supports;
use crate::ground::clock::Timestamp;
use crate::ground::config::ConfigError;
use crate::ground::standard_webhook::{ID, WebhookError, WebhookKey};

const UNSIGNED: RequestError = RequestError::unauthorized(
    "expected `webhook-id`, `webhook-timestamp` and a `webhook-signature` that fits the body",
);
const STALE: RequestError =
    RequestError::unauthorized("expected a `webhook-timestamp` within 300 s of now");

/// Standard Webhooks, both ways.
#[derive(Clone)]
pub struct StandardWebhookConnector {
    keys: Vec<WebhookKey>,
    mapping: Mapping,
    receiver: Receiver,
}

impl StandardWebhookConnector {
    /// A channel of the configuration. Refused without a key.
    pub fn from_settings(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        let config: StandardWebhookConfig = channel.read()?;
        let StandardWebhookConfig { keys, url, answer_key, token, types, fields } = config;
        let place = |index| channel.place.key(&format!("keys[{index}]"));
        let keys = keys.iter().enumerate().map(|(index, key)| webhook_key(key, &place(index)));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let expected = || channel.place.key("keys").expected("one key or more");
        let first = keys.first().ok_or_else(expected)?;
        let answer_key = match answer_key {
            Some(key) => webhook_key(&key, &channel.place.key("answer_key"))?,
            None => first.clone(),
        };
        let receiver = Receiver::new(channel, &url, token.as_ref(), Some(answer_key))?;
        let fields = Fields::compile(fields, &channel.place.key("fields"))?;
        Ok(Self { keys, mapping: Mapping { types, fields }, receiver })
    }
}

#[async_trait]
impl Connector for StandardWebhookConnector {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    async fn verify(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError> {
        let mut refused = UNSIGNED;
        for key in &self.keys {
            match key.verify(request.headers(), request.body(), now) {
                Ok(()) => return Ok(()),
                Err(WebhookError::Stale) => refused = STALE,
                Err(WebhookError::Unsigned) => {}
            }
        }
        Err(refused)
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let id = request.headers().get(ID).and_then(|id| id.to_str().ok());
        let id = id.filter(|id| !id.is_empty()).ok_or(UNSIGNED)?;
        let body = serde_json::from_slice(request.body()).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            RequestError::malformed(format!("expected JSON (line {line}, column {column})"))
        })?;
        self.mapping.received(body, id)
    }

    fn extend_event(&self, event: &mut Event) {
        if let Some(name) = self.mapping.type_of(&event.raw) {
            event.extensions.insert(name);
        }
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        let room = &event.target.room;
        Some(match &event.target.thread {
            Some(thread) => format!("{room}\n{thread}"),
            None => room.clone(),
        })
    }

    fn supports(&self, kind: ReplyKind) -> bool {
        supports(kind)
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Queued, Delivery::Inline]
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        self.receiver.post(outgoing, &bodies(outgoing)?).await
    }
}
