//! What a bot can say, on any platform.

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use super::media::{Media, Source};

/// One thing a bot says. What a platform cannot show is rendered by [`fallback`](super::fallback).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// Text. A blank line separates paragraphs.
    Text {
        /// The text.
        text: String,
    },
    /// An image.
    Image(Media),
    /// A file.
    File(Media),
    /// A video.
    Video(Media),
    /// Audio.
    Audio(Media),
    /// Text with buttons that stay.
    Buttons {
        /// The text above the buttons.
        text: String,
        /// The buttons.
        buttons: Vec<Button>,
    },
    /// Text with suggestions that vanish once one is chosen.
    QuickReplies {
        /// The text above the suggestions.
        text: String,
        /// The suggestions.
        buttons: Vec<Button>,
    },
    /// Cards side by side.
    Cards {
        /// The cards.
        cards: Vec<Card>,
    },
    /// The typing indicator.
    Typing {
        /// Whether it is shown.
        on: bool,
    },
    /// A reaction to a message.
    Reaction {
        /// The message.
        message_id: String,
        /// The emoji or its name.
        emoji: String,
        /// Whether it is taken back.
        #[serde(default)]
        removed: bool,
    },
    /// Another text, and other buttons, for a message sent earlier.
    Edit {
        /// The message.
        message_id: String,
        /// Its new text.
        text: String,
        /// The buttons below it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        buttons: Vec<Button>,
    },
    /// Deletes a message sent earlier.
    Delete {
        /// The message.
        message_id: String,
    },
    /// JSON in the platform's own form.
    Custom {
        /// The JSON.
        json: Value,
    },
}

/// A button or suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What is written on it.
    pub title: String,
    /// What it does.
    #[serde(flatten)]
    pub action: ButtonAction,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonAction {
    /// Sends this value to the bot.
    Payload(String),
    /// Opens this page.
    Url(String),
}

impl Button {
    /// A button that sends `payload` to the bot.
    pub fn payload(title: impl Into<String>, payload: impl Into<String>) -> Self {
        Self { title: title.into(), action: ButtonAction::Payload(payload.into()) }
    }

    /// A button that opens the page at `url`.
    pub fn url(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { title: title.into(), action: ButtonAction::Url(url.into()) }
    }
}

/// A card: a picture, a title and buttons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The title.
    pub title: String,
    /// A line below the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The picture's URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Its buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

/// The kind of a reply without its content: what a connector states that it supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the variant of `Reply` of that name")]
pub enum ReplyKind {
    Text,
    Image,
    File,
    Video,
    Audio,
    Buttons,
    QuickReplies,
    Cards,
    Typing,
    Reaction,
    Edit,
    Delete,
    Custom,
}

impl Reply {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// The kind without its content.
    pub const fn kind(&self) -> ReplyKind {
        match self {
            Self::Text { .. } => ReplyKind::Text,
            Self::Image(_) => ReplyKind::Image,
            Self::File(_) => ReplyKind::File,
            Self::Video(_) => ReplyKind::Video,
            Self::Audio(_) => ReplyKind::Audio,
            Self::Buttons { .. } => ReplyKind::Buttons,
            Self::QuickReplies { .. } => ReplyKind::QuickReplies,
            Self::Cards { .. } => ReplyKind::Cards,
            Self::Typing { .. } => ReplyKind::Typing,
            Self::Reaction { .. } => ReplyKind::Reaction,
            Self::Edit { .. } => ReplyKind::Edit,
            Self::Delete { .. } => ReplyKind::Delete,
            Self::Custom { .. } => ReplyKind::Custom,
        }
    }
}
