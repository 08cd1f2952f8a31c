//! The platform of Bottender's documentation: `{"user": {"id"}, "message": {"text"}}` comes in,
//! `{"to", "text"}` goes out.

use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use patchcord::chat::fallback::Unsupported;
use patchcord::chat::{
    Connector, Event, EventKind, Message, Outgoing, Received, Reply, RequestError, SendError, Sent,
    WebhookRequest,
};
use patchcord::connectors::registry::ChannelSettings;
use patchcord::ground::clock::Timestamp;
use patchcord::ground::config::ConfigError;
use patchcord::ground::secret::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

/// The platform's own form of an event.
#[derive(Deserialize)]
struct CustomEvent {
    user: CustomUser,
    message: CustomMessage,
}

#[derive(Deserialize)]
struct CustomUser {
    id: String,
}

#[derive(Deserialize)]
struct CustomMessage {
    text: Option<String>,
}

/// A raw event as one that every bot understands.
fn event(raw: Value) -> Result<Event, RequestError> {
    let CustomEvent { user, message } = CustomEvent::deserialize(&raw).map_err(|_| {
        RequestError::malformed(r#"expected {"user": {"id": "…"}, "message": {"text": "…"}}"#)
    })?;
    let kind = match message.text {
        Some(text) => EventKind::Message(Message::Text(text)),
        None => EventKind::Unknown { name: "message without text".to_owned() },
    };
    Ok(Event::new("custom", &user.id, kind, raw))
}

/// Sends messages to the platform.
pub struct CustomClient {
    http: reqwest::Client,
    url: String,
}

/// How long the platform may take for one message.
const TIMEOUT: Duration = Duration::from_secs(10);

impl CustomClient {
    /// A client that posts to `url`.
    pub fn new(http: reqwest::Client, url: impl Into<String>) -> Self {
        Self { http, url: url.into() }
    }

    async fn post_text(&self, to: &str, text: &str) -> Result<Sent, SendError> {
        let failed = |error: reqwest::Error| SendError::Failed(error.without_url().into());
        let body = json!({ "to": to, "text": text }).to_string();
        let request = self.http.post(&self.url).timeout(TIMEOUT).body(body);
        let request = request.header("content-type", "application/json");
        let response = request.send().await.map_err(failed)?;
        if response.status() == StatusCode::NOT_FOUND {
            return Err(SendError::Unreachable { reason: "no such user".to_owned() });
        }
        response.error_for_status().map_err(failed)?;
        Ok(Sent::default())
    }
}

/// A channel of `type: custom`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomConfig {
    /// What the platform sends as `X-Custom-Secret`.
    secret: Secret,
    /// Where the platform takes messages.
    url: String,
}

/// The bridge between the platform and the bot.
pub struct CustomConnector {
    secret: Secret,
    client: CustomClient,
}

impl CustomConnector {
    /// A channel of the configuration.
    pub fn from_settings(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        let config: CustomConfig = channel.read()?;
        let client = CustomClient::new(channel.client.clone(), config.url);
        Ok(Self { secret: config.secret, client })
    }
}

#[async_trait]
impl Connector for CustomConnector {
    fn platform(&self) -> &'static str {
        "custom"
    }

    async fn verify(&self, request: &WebhookRequest, _: Timestamp) -> Result<(), RequestError> {
        let given = request.headers().get("x-custom-secret");
        let given = given.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if self.secret.matches(given) {
            return Ok(());
        }
        Err(RequestError::unauthorized("expected the channel's X-Custom-Secret"))
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let raw = serde_json::from_slice(request.body())
            .map_err(|_| RequestError::malformed("expected JSON"))?;
        Ok(event(raw)?.into())
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        Some(event.sender.id.clone())
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        match outgoing.reply {
            Reply::Text { text } => self.client.post_text(&outgoing.target.room, text).await,
            other => Err(Unsupported(other.kind()).into()),
        }
    }
}
