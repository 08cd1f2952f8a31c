//! What Telegram sends, as far as it is looked at
//! (<https://core.telegram.org/bots/api#available-types>). What a bot may see of it is in
//! [`extras`](super::extras).

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::extras::{Chat, User};

/// One update. Its other member is named after its kind.
#[derive(Deserialize)]
pub(super) struct Update {
    pub update_id: i64,
}

/// A message, a channel post, or what a service message tells.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "Telegram's names")]
pub(super) struct Message {
    pub message_id: i64,
    pub from: Option<User>,
    pub sender_chat: Option<Chat>,
    /// The bot by way of whose inline mode it was sent.
    pub via_bot: Option<User>,
    pub chat: Chat,
    /// Seconds since the epoch; 0 if the message is no longer accessible.
    #[serde(default)]
    pub date: u64,
    pub edit_date: Option<u64>,
    pub message_thread_id: Option<i64>,
    #[serde(default)]
    pub is_topic_message: bool,
    pub direct_messages_topic: Option<DirectTopic>,
    pub reply_to_message: Option<Mentioned>,
    pub text: Option<String>,
    pub caption: Option<String>,
    pub photo: Option<Vec<Attachment>>,
    pub document: Option<Attachment>,
    pub animation: Option<Attachment>,
    pub video: Option<Attachment>,
    pub video_note: Option<Attachment>,
    pub audio: Option<Attachment>,
    pub voice: Option<Attachment>,
    pub sticker: Option<Attachment>,
    pub location: Option<Point>,
    pub venue: Option<Venue>,
    pub web_app_data: Option<WebAppData>,
    pub new_chat_members: Option<Vec<User>>,
    pub left_chat_member: Option<User>,
    pub new_chat_title: Option<String>,
    pub pinned_message: Option<Mentioned>,
    pub forum_topic_created: Option<Topic>,
    pub forum_topic_edited: Option<Topic>,
    pub reply_markup: Option<Markup>,
    /// By what is here a message that none of the above tells of is named.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Message {
    /// The topic of a forum it belongs to. In other groups `message_thread_id` is the first message
    /// of a chain of replies, which nothing can be sent to
    /// (<https://github.com/tdlib/telegram-bot-api/issues/447>).
    pub fn topic(&self) -> Option<i64> {
        self.message_thread_id.filter(|_| self.is_topic_message)
    }

    /// Whether the bot of this id has caused it, or somebody has sent what it offered by way of its
    /// inline mode (<https://core.telegram.org/bots/api#message>, `via_bot`).
    pub fn is_by(&self, bot: i64) -> bool {
        [&self.from, &self.via_bot].into_iter().flatten().any(|user| user.id == bot)
    }
}

/// The messages that one person has written to a channel.
#[derive(Deserialize)]
pub(super) struct DirectTopic {
    pub topic_id: i64,
}

/// Another message that this one is about.
#[derive(Deserialize)]
pub(super) struct Mentioned {
    pub message_id: i64,
}

/// A file of any kind.
#[derive(Deserialize)]
pub(super) struct Attachment {
    pub file_id: String,
    pub mime_type: Option<String>,
    pub file_name: Option<String>,
    /// Of stickers: vector graphics.
    #[serde(default)]
    pub is_animated: bool,
    /// Of stickers: a video.
    #[serde(default)]
    pub is_video: bool,
}

#[derive(Deserialize)]
pub(super) struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

#[derive(Deserialize)]
pub(super) struct Venue {
    pub location: Point,
    pub title: String,
}

/// What a web app has sent that was opened from a reply keyboard.
#[derive(Deserialize)]
pub(super) struct WebAppData {
    pub data: String,
    pub button_text: String,
}

#[derive(Deserialize)]
pub(super) struct Topic {
    pub name: Option<String>,
}

/// An inline keyboard.
#[derive(Deserialize)]
pub(super) struct Markup {
    #[serde(default)]
    pub inline_keyboard: Vec<Vec<Key>>,
}

#[derive(Deserialize)]
pub(super) struct Key {
    pub text: String,
    pub callback_data: Option<String>,
}

/// A pressed button of an inline keyboard.
#[derive(Deserialize)]
pub(super) struct Callback {
    pub from: User,
    pub message: Option<Message>,
    pub data: Option<String>,
}

/// What every other kind of update may have.
#[derive(Deserialize)]
pub(super) struct Other {
    pub from: Option<User>,
    pub user: Option<User>,
    pub chat: Option<Chat>,
    #[serde(default)]
    pub date: u64,
}

/// An id that is a text by the API's documents, and a number in their examples.
pub(super) fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(id) => Ok(id),
        Value::Number(id) => Ok(id.to_string()),
        _ => Err(serde::de::Error::custom("expected an id")),
    }
}
