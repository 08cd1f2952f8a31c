//! The ways to say something: one method for each kind of reply.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use super::Context;
use crate::chat::event::Target;
use crate::chat::output::{SendError, Sent};
use crate::chat::reply::{Button, Card, Media, Reply, ReplyKind};

impl Context {
    /// Sends `reply` where the event came from; rendered as something else where the platform
    /// cannot show it. The answer is that of the last message it became.
    pub async fn send(&self, reply: Reply) -> Result<Sent, SendError> {
        self.send_to(&self.event().target, reply).await
    }

    /// Sends `reply` somewhere else on the same platform.
    pub async fn send_to(&self, target: &Target, reply: Reply) -> Result<Sent, SendError> {
        self.0.speaker.say(Some(self.event()), target, reply).await
    }

    /// The same where the event came from, without trying again.
    pub(in crate::chat) async fn attempt(&self, reply: &Reply) -> Result<Sent, SendError> {
        self.0.speaker.attempt(Some(self.event()), &self.event().target, reply).await
    }

    /// Notes that the bot has said something without `send`: through the platform's API, or
    /// elsewhere. If it fails afterwards, it is not asked again, since it would say that twice.
    pub fn note_said(&self) {
        self.0.speaker.output().note_said();
    }

    /// Whether replies of this kind can be shown as they are.
    pub fn shows(&self, kind: ReplyKind) -> bool {
        self.0.speaker.output().supports(kind)
    }

    /// What one message takes of `text`, and the rest.
    pub(in crate::chat) fn cut<'a>(&self, text: &'a str) -> (&'a str, &'a str) {
        let limit = self.0.speaker.output().text_limit();
        limit.map_or((text, ""), |limit| limit.split_first(text))
    }

    /// Gets the content of a file that somebody sent and that the platform knows by an id, of
    /// `limit` bytes at most.
    pub async fn download(&self, media: &Media, limit: usize) -> Result<Bytes, SendError> {
        self.0.connector.download(media, limit).await
    }

    /// Sends text.
    pub async fn send_text(&self, text: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::text(text)).await
    }

    /// Sends the image at `url`.
    pub async fn send_image(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Image(Media::url(url))).await
    }

    /// Sends the file at `url`.
    pub async fn send_file(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::File(Media::url(url))).await
    }

    /// Sends the video at `url`.
    pub async fn send_video(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Video(Media::url(url))).await
    }

    /// Sends the audio at `url`.
    pub async fn send_audio(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Audio(Media::url(url))).await
    }

    /// Sends text with buttons below it.
    pub async fn send_buttons(
        &self,
        text: impl Into<String>,
        buttons: Vec<Button>,
    ) -> Result<Sent, SendError> {
        self.send(Reply::Buttons { text: text.into(), buttons }).await
    }

    /// Sends text with suggestions below it.
    pub async fn send_quick_replies(
        &self,
        text: impl Into<String>,
        buttons: Vec<Button>,
    ) -> Result<Sent, SendError> {
        self.send(Reply::QuickReplies { text: text.into(), buttons }).await
    }

    /// Sends cards, which are shown side by side.
    pub async fn send_cards(&self, cards: Vec<Card>) -> Result<Sent, SendError> {
        self.send(Reply::Cards { cards }).await
    }

    /// Reacts to a message.
    pub async fn react(
        &self,
        message_id: impl Into<String>,
        emoji: impl Into<String>,
    ) -> Result<Sent, SendError> {
        let (message_id, emoji) = (message_id.into(), emoji.into());
        self.send(Reply::Reaction { message_id, emoji, removed: false }).await
    }

    /// Takes a reaction back.
    pub async fn unreact(
        &self,
        message_id: impl Into<String>,
        emoji: impl Into<String>,
    ) -> Result<Sent, SendError> {
        let (message_id, emoji) = (message_id.into(), emoji.into());
        self.send(Reply::Reaction { message_id, emoji, removed: true }).await
    }

    /// Changes the text of a message sent earlier; buttons it had go.
    pub async fn edit(
        &self,
        message_id: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Sent, SendError> {
        let (message_id, text) = (message_id.into(), text.into());
        self.send(Reply::Edit { message_id, text, buttons: Vec::new() }).await
    }

    /// Deletes a message sent earlier.
    pub async fn delete(&self, message_id: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Delete { message_id: message_id.into() }).await
    }

    /// Sends JSON in the platform's own form.
    pub async fn send_custom(&self, json: Value) -> Result<Sent, SendError> {
        self.send(Reply::Custom { json }).await
    }

    /// Shows the typing indicator for `duration`, or for half of what is left of the bot's time if
    /// that is less. Where the platform has no indicator this is a pause.
    pub async fn typing(&self, duration: Duration) -> Result<(), SendError> {
        self.send(Reply::Typing { on: true }).await?;
        tokio::time::sleep(duration.min(self.remaining_time() / 2)).await;
        self.send(Reply::Typing { on: false }).await?;
        Ok(())
    }
}
