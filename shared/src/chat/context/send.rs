//! The ways to say something: one method for each kind of reply.

use std::time::Duration;

use serde_json::Value;

use super::Context;
use crate::chat::event::Target;
use crate::chat::fallback;
use crate::chat::output::{SendError, Sent};
use crate::chat::reply::{Button, Card, Media, Reply};

impl Context {
    /// Says `reply` where the event came from; rendered as something else where the platform
    /// cannot show it. The answer is that of the last message it became.
    pub async fn send(&self, reply: Reply) -> Result<Sent, SendError> {
        self.send_to(&self.event().target, reply).await
    }

    /// Says `reply` somewhere else on the same platform.
    pub async fn send_to(&self, target: &Target, reply: Reply) -> Result<Sent, SendError> {
        let output = &self.0.output;
        let mut sent = Sent::default();
        for rendered in fallback::render(reply, &|kind| output.supports(kind))? {
            sent = output.send(target, &rendered).await?;
        }
        Ok(sent)
    }

    /// Says words.
    pub async fn send_text(&self, text: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::text(text)).await
    }

    /// Shows the picture at `url`.
    pub async fn send_image(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Image(Media::url(url))).await
    }

    /// Offers the file at `url`.
    pub async fn send_file(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::File(Media::url(url))).await
    }

    /// Shows the film at `url`.
    pub async fn send_video(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Video(Media::url(url))).await
    }

    /// Plays the sound at `url`.
    pub async fn send_audio(&self, url: impl Into<String>) -> Result<Sent, SendError> {
        self.send(Reply::Audio(Media::url(url))).await
    }

    /// Says words with buttons below them.
    pub async fn send_buttons(
        &self,
        text: impl Into<String>,
        buttons: Vec<Button>,
    ) -> Result<Sent, SendError> {
        self.send(Reply::Buttons { text: text.into(), buttons }).await
    }

    /// Says words with suggestions below them.
    pub async fn send_quick_replies(
        &self,
        text: impl Into<String>,
        buttons: Vec<Button>,
    ) -> Result<Sent, SendError> {
        self.send(Reply::QuickReplies { text: text.into(), buttons }).await
    }

    /// Shows cards side by side.
    pub async fn send_cards(&self, cards: Vec<Card>) -> Result<Sent, SendError> {
        self.send(Reply::Cards { cards }).await
    }

    /// Reacts to a message.
    pub async fn react(
        &self,
        message_id: impl Into<String>,
        emoji: impl Into<String>,
    ) -> Result<Sent, SendError> {
        self.send(Reply::Reaction { message_id: message_id.into(), emoji: emoji.into() }).await
    }

    /// Changes a message said earlier.
    pub async fn edit(
        &self,
        message_id: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Sent, SendError> {
        self.send(Reply::Edit { message_id: message_id.into(), text: text.into() }).await
    }

    /// Takes a message back.
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
