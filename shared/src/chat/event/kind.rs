//! The kinds of events, with what each of them carries.

use serde::{Deserialize, Serialize};

use super::Sender;
use crate::chat::reply::Media;

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Somebody wrote or sent something.
    Message(Message),
    /// Somebody changed an earlier message.
    MessageEdited {
        /// The message that was changed.
        message_id: String,
        /// Its new content.
        message: Message,
    },
    /// Somebody answered an earlier message.
    Reply {
        /// The message that was answered.
        to: String,
        /// The answer.
        message: Message,
    },
    /// Somebody pressed a button or chose from a menu.
    Payload(Payload),
    /// Somebody is typing, or stopped.
    Typing {
        /// Whether they started.
        on: bool,
    },
    /// Somebody reacted to a message, or took a reaction back.
    Reaction {
        /// The message reacted to.
        message_id: String,
        /// The emoji or its name.
        emoji: String,
        /// Whether it was taken back.
        removed: bool,
    },
    /// Somebody joined the room.
    MemberJoined {
        /// Who joined.
        member: Sender,
    },
    /// Somebody left the room.
    MemberLeft {
        /// Who left.
        member: Sender,
    },
    /// A message was deleted.
    MessageDeleted {
        /// The message.
        message_id: String,
    },
    /// A message was pinned.
    MessagePinned {
        /// The message.
        message_id: String,
    },
    /// A message was unpinned.
    MessageUnpinned {
        /// The message.
        message_id: String,
    },
    /// A room was created.
    RoomCreated {
        /// Its name, if it has one.
        name: Option<String>,
    },
    /// The room got another name.
    RoomRenamed {
        /// The new name.
        name: String,
    },
    /// The room got another description or topic.
    RoomDescribed {
        /// The new description.
        description: String,
    },
    /// Something this version does not know; [`Event::raw`](super::Event::raw) has it.
    Unknown {
        /// The platform's name for it.
        name: String,
    },
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// Text.
    Text(String),
    /// A file that is none of the following.
    File(Media),
    /// An image.
    Image(Media),
    /// A video.
    Video(Media),
    /// Audio or a voice message.
    Audio(Media),
    /// A place.
    Location(Location),
}

/// A place on Earth, WGS 84.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// The place's name, if it has one.
    pub title: Option<String>,
}

/// What a button carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The value the bot gave the button.
    pub data: String,
    /// What was written on the button, where the platform says.
    pub title: Option<String>,
}

/// The kind of an event without its content, for routing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the variant of `EventKind` or `Message` of that name")]
pub enum Kind {
    Text,
    File,
    Image,
    Video,
    Audio,
    Location,
    MessageEdited,
    Reply,
    Payload,
    Typing,
    Reaction,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessagePinned,
    MessageUnpinned,
    RoomCreated,
    RoomRenamed,
    RoomDescribed,
    Unknown,
}

impl EventKind {
    /// The kind without its content.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Message(message) => message.kind(),
            Self::MessageEdited { .. } => Kind::MessageEdited,
            Self::Reply { .. } => Kind::Reply,
            Self::Payload(_) => Kind::Payload,
            Self::Typing { .. } => Kind::Typing,
            Self::Reaction { .. } => Kind::Reaction,
            Self::MemberJoined { .. } => Kind::MemberJoined,
            Self::MemberLeft { .. } => Kind::MemberLeft,
            Self::MessageDeleted { .. } => Kind::MessageDeleted,
            Self::MessagePinned { .. } => Kind::MessagePinned,
            Self::MessageUnpinned { .. } => Kind::MessageUnpinned,
            Self::RoomCreated { .. } => Kind::RoomCreated,
            Self::RoomRenamed { .. } => Kind::RoomRenamed,
            Self::RoomDescribed { .. } => Kind::RoomDescribed,
            Self::Unknown { .. } => Kind::Unknown,
        }
    }
}

impl Message {
    fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::File(_) => Kind::File,
            Self::Image(_) => Kind::Image,
            Self::Video(_) => Kind::Video,
            Self::Audio(_) => Kind::Audio,
            Self::Location(_) => Kind::Location,
        }
    }
}
