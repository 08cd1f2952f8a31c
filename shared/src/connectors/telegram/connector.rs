//! The bridge between a bot of Telegram and ours.

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::bot::Bot;
use super::calls::{Call, refused};
use super::client::Client;
use super::config::TelegramConfig;
use super::extras::{self, CallbackQuery};
use super::updates::UpdateKind;
use super::{events, media, replies};
use crate::chat::reply::ReplyKind;
use crate::chat::split::TextLimit;
use crate::chat::{
    Connector, Delivery, Event, Media, Outgoing, Received, Reply, RequestError, SendError, Sent,
    Source, Target, WebhookRequest,
};
use crate::connectors::registry::ChannelSettings;
use crate::ground::clock::Timestamp;
use crate::ground::config::ConfigError;
use crate::ground::secret::Secret;

/// The name of the platform in events.
pub(super) const PLATFORM: &str = "telegram";
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The bridge between one bot of Telegram and ours.
#[derive(Clone)]
pub struct TelegramConnector {
    pub(super) client: Client,
    bot: Bot,
    pub(super) secret_token: Secret,
    pub(super) allowed_updates: Vec<UpdateKind>,
    answers_callbacks: bool,
    default_chat: Option<String>,
}

impl TelegramConnector {
    /// A channel of the configuration.
    pub fn from_settings(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        let (config, id) = TelegramConfig::read(channel)?;
        let sees_members = config.allowed_updates.contains(&UpdateKind::ChatMember);
        let username = config.username.map(|name| name.trim_start_matches('@').to_owned());
        Ok(Self {
            client: Client {
                http: channel.client.clone(),
                api_url: config.api_url.trim_end_matches('/').to_owned(),
                token: config.token,
            },
            bot: Bot { id, username, sees_members },
            secret_token: config.secret_token,
            allowed_updates: config.allowed_updates,
            answers_callbacks: config.answer_callback_queries,
            default_chat: config.default_chat,
        })
    }
}

#[async_trait]
impl Connector for TelegramConnector {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    async fn verify(&self, request: &WebhookRequest, _: Timestamp) -> Result<(), RequestError> {
        let given = request.headers().get(SECRET_HEADER).and_then(|value| value.to_str().ok());
        match given {
            Some(given) if self.secret_token.matches(given) => Ok(()),
            _ => Err(RequestError::unauthorized(
                "expected X-Telegram-Bot-Api-Secret-Token with the channel's secret_token",
            )),
        }
    }

    /// One update. A pressed button is answered in the response
    /// (<https://core.telegram.org/bots/api#making-requests-when-getting-updates>). Where events are
    /// queued that is at once, and the person does not see it wait for the bot.
    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let mut received = events::events(request.body(), &self.bot)?;
        let raw = received.events.first().map(|event| &event.raw["callback_query"]);
        let query = raw.and_then(|query| CallbackQuery::deserialize(query).ok());
        if let Some(query) = query.filter(|_| self.answers_callbacks) {
            let answer = json!({ "method": "answerCallbackQuery", "callback_query_id": query.id });
            received.acknowledgement = Response::new(answer.to_string().into());
            let json = HeaderValue::from_static("application/json");
            received.acknowledgement.headers_mut().insert(CONTENT_TYPE, json);
        }
        Ok(received)
    }

    fn extend_event(&self, event: &mut Event) {
        extras::extend(event);
    }

    /// A chat, or a topic of it.
    fn session_key(&self, event: &Event) -> Option<String> {
        let Target { room, thread } = &event.target;
        match thread {
            Some(topic) => Some(format!("{room}:{topic}")),
            None => Some(room.clone()).filter(|room| !room.is_empty()),
        }
    }

    fn supports(&self, _: ReplyKind) -> bool {
        true
    }

    fn text_limit(&self) -> Option<TextLimit> {
        Some(replies::TEXT)
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Queued, Delivery::Inline]
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let calls = replies::calls(outgoing.target, outgoing.reply)?;
        let sent = outgoing.in_turn(calls, async |_, call: Call, remaining| {
            match (outgoing.reply, self.client.call(&call, remaining).await) {
                // Channels and messages to channels have no typing indicator.
                (Reply::Typing { .. }, Err(SendError::Refused { .. })) => Ok(Sent::default()),
                (_, result) => Ok(sent(&call, &result?)),
            }
        });
        Ok(sent.await?.pop().unwrap_or_default())
    }

    async fn download(&self, media: &Media, limit: usize) -> Result<Bytes, SendError> {
        match &media.source {
            Source::Id(id) => self.client.download(media::file_id(id), limit).await,
            Source::Url(_) | Source::Data(_) => Err(refused("expected a file's id at Telegram")),
        }
    }

    fn configuration(&self) -> Value {
        json!({ "bot_id": self.bot.id, "allowed_updates": self.allowed_updates })
    }

    fn default_target(&self) -> Option<Target> {
        self.default_chat.as_ref().map(Target::room)
    }
}

/// The message that a call has made, the last of an album, or the one that it was about.
pub(super) fn sent(call: &Call, result: &Value) -> Sent {
    let made = result.as_array().and_then(|all| all.last()).unwrap_or(result);
    let about = ["message_id", "inline_message_id"].map(|name| call.params.get(name));
    let mut ids = std::iter::once(made.get("message_id")).chain(about).flatten();
    let id = ids.next().map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    Sent { message_id: id, is_dropped: false }
}
