//! The bridge between Messenger or Instagram and the bot.

use std::borrow::Cow;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::config::MetaConfig;
use super::context::{MediaKind, form};
use super::events::{self, Reader};
use super::graph::Graph;
use super::platform::Platform;
use super::replies::{addressed, bodies};
use super::webhook::WebhookKeys;
use super::wire::Id;
use crate::chat::media::Source;
use crate::chat::split::TextLimit;
use crate::chat::{
    Connector, Delivery, Event, Media, Outgoing, Received, Reply, ReplyKind, RequestError,
    SendError, Sent, WebhookRequest,
};
use crate::connectors::registry::ChannelSettings;
use crate::ground::clock::Timestamp;
use crate::ground::config::ConfigError;

/// As much as Lambda hands over
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const MAX_BODY_BYTES: usize = 6_000_000;

/// A page on Messenger, or a professional account on Instagram.
pub struct MetaConnector {
    keys: WebhookKeys,
    reader: Reader,
    pub(super) graph: Graph,
}

impl MetaConnector {
    /// A channel of `type: messenger`.
    pub fn messenger(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        Self::new(Platform::Messenger, channel)
    }

    /// A channel of `type: instagram`.
    pub fn instagram(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        Self::new(Platform::Instagram, channel)
    }

    fn new(platform: Platform, channel: &ChannelSettings) -> Result<Self, ConfigError> {
        let config: MetaConfig = channel.read()?;
        let (url, version, token) = (&config.api_url, &config.api_version, &config.access_token);
        let mut graph = Graph::new(channel, url, version, token)?;
        if config.appsecret_proof {
            graph = graph.with_proof(&config.app_secret, token);
        }
        Ok(Self {
            keys: WebhookKeys::new(&config.app_secret, config.verify_token),
            reader: Reader { platform, account: config.account_id, app: config.app_id },
            graph,
        })
    }

    /// Which of the two it is.
    pub const fn kind(&self) -> Platform {
        self.reader.platform
    }

    /// Uploads a file for messages to come, within `remaining`: its id, which is good for 90 days
    /// (<https://developers.facebook.com/docs/messenger-platform/reference/attachment-upload-api>).
    pub(super) async fn upload(
        &self,
        kind: MediaKind,
        media: &Media,
        remaining: Duration,
    ) -> Result<String, SendError> {
        let form = form(self.kind(), kind, media)?;
        let answer = self.graph.upload("me/message_attachments", form, remaining).await?;
        let id: Option<Id> = serde_json::from_value(answer["attachment_id"].clone()).ok();
        let id = id.ok_or_else(|| SendError::Failed("Meta gave an upload no id".into()))?;
        Ok(id.0)
    }

    /// The reply with its file uploaded, if it has one.
    async fn uploaded<'a>(
        &self,
        reply: &'a Reply,
        remaining: Duration,
    ) -> Result<Cow<'a, Reply>, SendError> {
        let (kind, media): (_, &Media) = match reply {
            Reply::Image(media) => (MediaKind::Image, media),
            Reply::Video(media) => (MediaKind::Video, media),
            Reply::Audio(media) => (MediaKind::Audio, media),
            Reply::File(media) => (MediaKind::File, media),
            _ => return Ok(Cow::Borrowed(reply)),
        };
        if !matches!(media.source, Source::Data(_)) {
            return Ok(Cow::Borrowed(reply));
        }
        let id = self.upload(kind, media, remaining).await?;
        Ok(Cow::Owned(kind.reply(Media { source: Source::Id(id), ..media.clone() })))
    }
}

#[async_trait]
impl Connector for MetaConnector {
    fn platform(&self) -> &str {
        self.kind().name()
    }

    /// A thousand events, whose texts are written with escapes, are more than others send.
    fn max_body_bytes(&self) -> usize {
        MAX_BODY_BYTES
    }

    async fn handshake(
        &self,
        request: &WebhookRequest,
    ) -> Option<Result<Response<Bytes>, RequestError>> {
        Some(self.keys.handshake(request))
    }

    async fn verify(&self, request: &WebhookRequest, _: Timestamp) -> Result<(), RequestError> {
        self.keys.verify(request)
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        self.reader.read(request.body())
    }

    fn extend_event(&self, event: &mut Event) {
        if let Some(special) = events::special(&event.raw) {
            event.extensions.insert(special);
        }
    }

    /// The page or account, and the person.
    fn session_key(&self, event: &Event) -> Option<String> {
        let account = event.raw["id"].as_str()?;
        Some(format!("{account}:{}", event.target.room))
    }

    /// Messages can be neither changed nor taken back: “You can't perform this operation on this
    /// endpoint” (<https://developers.facebook.com/docs/messenger-platform/reference/send-api>).
    fn supports(&self, kind: ReplyKind) -> bool {
        !matches!(kind, ReplyKind::Edit | ReplyKind::Delete)
    }

    fn text_limit(&self) -> Option<TextLimit> {
        Some(self.kind().text_limit())
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Queued, Delivery::Inline]
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let reply = self.uploaded(outgoing.reply, outgoing.remaining).await?;
        let bodies = bodies(self.kind(), &reply)?;
        let answers = outgoing.in_turn(bodies, async |_, body, remaining| {
            let body = addressed(body, &outgoing.target.room, outgoing.event.is_some());
            self.graph.post("me/messages", &body, remaining).await
        });
        // That of a picture, not of its caption.
        let answers = answers.await?;
        let message_id = answers.iter().find_map(|answer| answer["message_id"].as_str());
        let message_id = message_id.map(str::to_owned);
        Ok(Sent { message_id, ..Sent::default() })
    }

    fn configuration(&self) -> Value {
        json!({ "account_id": self.reader.account, "app_id": self.reader.app })
    }
}
