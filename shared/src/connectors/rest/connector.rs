//! The connector: its settings, and what it does with a request.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::encode::{encode, supports};
use super::wire;
use crate::chat::event::{Event, EventKind, InputChannel, Message};
use crate::chat::reply::{Reply, ReplyKind};
use crate::chat::{
    AnswerMode, Connector, Delivery, Received, RequestError, Target, Unsupported, WebhookRequest,
};
use crate::connectors::auth::{Auth, AuthConfig};
use crate::connectors::registry::ChannelSettings;
use crate::ground::clock::Timestamp;
use crate::ground::config::ConfigError;

/// A channel of `type: rest`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestConfig {
    /// How callers prove who they are.
    pub auth: AuthConfig,
    /// Whether everybody may call, where `auth` asks for nothing. Not needed on a local machine.
    pub public: bool,
}

/// Takes the bot's metadata out of a request and its JSON body, or refuses the request.
pub type ExtractMetadata =
    dyn Fn(&WebhookRequest, &Value) -> Result<Map<String, Value>, RequestError> + Send + Sync;

/// Rasa's REST channel.
#[derive(Clone)]
pub struct RestConnector {
    auth: Auth,
    extract_metadata: Arc<ExtractMetadata>,
}

impl RestConnector {
    /// A channel of the configuration. Refused where anybody could call it and the configuration
    /// does not say that this is meant.
    pub fn from_settings(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        Self::new(channel.read()?, channel)
    }

    /// The same with settings that were read from `channel` before.
    pub(in crate::connectors) fn new(
        config: RestConfig,
        channel: &ChannelSettings,
    ) -> Result<Self, ConfigError> {
        let auth = Auth::of_channel(config.auth, config.public, channel)?;
        Ok(Self { auth, extract_metadata: Arc::new(wire::metadata) })
    }

    /// The message in a request, on `platform`.
    pub(in crate::connectors) fn event(
        &self,
        platform: &str,
        request: &WebhookRequest,
    ) -> Result<Event, RequestError> {
        let (raw, message) = wire::parse(request.body())?;
        let kind = EventKind::Message(Message::Text(message.text));
        let metadata = (self.extract_metadata)(request, &raw)?;
        let mut event = Event::new(platform, &message.sender, kind, raw);
        event.id = message.message_id;
        event.metadata = metadata;
        Ok(event)
    }

    /// Takes the metadata for the bot from somewhere else than the field `metadata`: a header,
    /// another field of the body. In `main.rs`, with the rest of the channel as configured:
    ///
    /// ```no_run
    /// # use patchcord::app::{Setup, StartError};
    /// # use patchcord::chat::WebhookRequest;
    /// # use patchcord::connectors::rest::RestConnector;
    /// # use serde_json::{Map, Value};
    /// # async fn start() -> Result<(), StartError> {
    /// fn metadata(request: &WebhookRequest, _body: &Value) -> Map<String, Value> {
    ///     let language = request.headers().get("accept-language").and_then(|it| it.to_str().ok());
    ///     Map::from_iter([("language".to_owned(), language.into())])
    /// }
    /// let setup = Setup::from_env().await?;
    /// let setup = setup.adjust("rest", |rest: RestConnector| {
    ///     rest.with_metadata(|request, body| Ok(metadata(request, body)))
    /// })?;
    /// # setup.webhook().await?.run().await
    /// # }
    /// ```
    #[must_use]
    pub fn with_metadata(
        mut self,
        extract: impl Fn(&WebhookRequest, &Value) -> Result<Map<String, Value>, RequestError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.extract_metadata = Arc::new(extract);
        self
    }
}

#[async_trait]
impl Connector for RestConnector {
    fn platform(&self) -> &'static str {
        "rest"
    }

    async fn verify(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError> {
        self.auth.check(request, now)
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        Ok(self.event(self.platform(), request)?.into())
    }

    fn extend_event(&self, event: &mut Event) {
        if let Some(name) = wire::input_channel(&event.raw) {
            event.extensions.insert(InputChannel(name));
        }
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        Some(event.sender.id.clone())
    }

    fn supports(&self, kind: ReplyKind) -> bool {
        supports(kind)
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Inline]
    }

    fn answer_mode(&self, request: &WebhookRequest) -> AnswerMode {
        let streamed = request.uri().query().is_some_and(wire::asks_for_stream);
        if streamed { AnswerMode::Streamed } else { AnswerMode::Collected }
    }

    fn encode(&self, target: &Target, reply: &Reply) -> Result<Vec<Value>, Unsupported> {
        encode(&target.room, reply)
    }
}
