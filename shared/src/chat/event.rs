//! What a platform told us, in one shape for every platform.

use std::fmt;

use http::Extensions;
use serde_json::{Map, Value};

use super::reply::Media;
use crate::ground::clock::Timestamp;

/// One thing that happened on a platform.
///
/// Platform-only data travels typed in [`Event::extensions`]; what no field covers is still in
/// [`Event::raw`].
#[derive(Clone)]
pub struct Event {
    /// The platform's own id of this event, if it has one. Events of one session with the same id
    /// are answered once.
    pub id: Option<String>,
    /// The platform's name, as [`Connector::platform`](super::Connector::platform) gives it.
    pub platform: String,
    /// The channel's name in the configuration; the dispatcher fills it in.
    pub channel: String,
    /// Who caused it.
    pub sender: Sender,
    /// Where it happened, and so where an answer goes.
    pub target: Target,
    /// When the platform says it happened; when it arrived if the platform does not say.
    pub timestamp: Timestamp,
    /// What the sender's front end sent along for the bot.
    pub metadata: Map<String, Value>,
    /// What happened.
    pub kind: EventKind,
    /// The platform's own form of the event.
    pub raw: Value,
    /// Platform-only data, by type.
    pub extensions: Extensions,
}

/// Who caused an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The platform's id of the person or bot.
    pub id: String,
    /// The name to show, where the platform sends one.
    pub name: Option<String>,
}

/// Where an event happened, and where a reply goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// A room, channel, chat or, where the platform has none, the person.
    pub room: String,
    /// A thread or topic in the room.
    pub thread: Option<String>,
}

impl Target {
    /// A room, without a thread.
    pub fn room(room: impl Into<String>) -> Self {
        Self { room: room.into(), thread: None }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
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
        /// Which one.
        message_id: String,
    },
    /// A message was pinned.
    MessagePinned {
        /// Which one.
        message_id: String,
    },
    /// A message was unpinned.
    MessageUnpinned {
        /// Which one.
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
    /// Something this version does not know; [`Event::raw`] has it.
    Unknown {
        /// The platform's name for it.
        name: String,
    },
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Words.
    Text(String),
    /// A file that is none of the following.
    File(Media),
    /// A picture.
    Image(Media),
    /// A film.
    Video(Media),
    /// Sound or a voice message.
    Audio(Media),
    /// A place.
    Location(Location),
}

/// A place on Earth, WGS 84.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// The place's name, if it has one.
    pub title: Option<String>,
}

/// What a button carries.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl Event {
    /// An event of `kind` from `sender`; the rest is filled in by the connector.
    pub fn new(platform: &str, sender: &str, kind: EventKind, raw: Value) -> Self {
        Self {
            id: None,
            platform: platform.to_owned(),
            channel: String::new(),
            sender: Sender { id: sender.to_owned(), name: None },
            target: Target::room(sender),
            timestamp: Timestamp::default(),
            metadata: Map::new(),
            kind,
            raw,
            extensions: Extensions::new(),
        }
    }

    /// The kind without its content.
    pub fn kind(&self) -> Kind {
        match &self.kind {
            EventKind::Message(message) => message.kind(),
            EventKind::MessageEdited { .. } => Kind::MessageEdited,
            EventKind::Reply { .. } => Kind::Reply,
            EventKind::Payload(_) => Kind::Payload,
            EventKind::Typing { .. } => Kind::Typing,
            EventKind::Reaction { .. } => Kind::Reaction,
            EventKind::MemberJoined { .. } => Kind::MemberJoined,
            EventKind::MemberLeft { .. } => Kind::MemberLeft,
            EventKind::MessageDeleted { .. } => Kind::MessageDeleted,
            EventKind::MessagePinned { .. } => Kind::MessagePinned,
            EventKind::MessageUnpinned { .. } => Kind::MessageUnpinned,
            EventKind::RoomCreated { .. } => Kind::RoomCreated,
            EventKind::RoomRenamed { .. } => Kind::RoomRenamed,
            EventKind::RoomDescribed { .. } => Kind::RoomDescribed,
            EventKind::Unknown { .. } => Kind::Unknown,
        }
    }

    /// Whether somebody said something: a new message or a reply. A changed message is not.
    pub fn is_message(&self) -> bool {
        self.message().is_some()
    }

    /// What was said, in a new message or a reply.
    pub fn message(&self) -> Option<&Message> {
        match &self.kind {
            EventKind::Message(message) | EventKind::Reply { message, .. } => Some(message),
            _ => None,
        }
    }

    /// Whether somebody said something in words.
    pub fn is_text(&self) -> bool {
        self.text().is_some()
    }

    /// The words of a new message or a reply.
    pub fn text(&self) -> Option<&str> {
        match self.message() {
            Some(Message::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether a button was pressed.
    pub fn is_payload(&self) -> bool {
        self.payload().is_some()
    }

    /// The value of the button that was pressed.
    pub fn payload(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Payload(payload) => Some(&payload.data),
            _ => None,
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

impl fmt::Debug for Event {
    /// Ids and the kind only: what people write does not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("platform", &self.platform)
            .field("channel", &self.channel)
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind) -> Event {
        Event::new("test", "ada", kind, Value::Null)
    }

    #[test]
    fn the_common_getters_tell_words_from_buttons() {
        let text = event(EventKind::Message(Message::Text("hello".to_owned())));
        assert_eq!((text.text(), text.payload(), text.is_message()), (Some("hello"), None, true));

        let pressed = Payload { data: "BUY".to_owned(), title: None };
        let button = event(EventKind::Payload(pressed));
        assert_eq!(
            (button.text(), button.payload(), button.is_message()),
            (None, Some("BUY"), false)
        );

        let image =
            event(EventKind::Message(Message::Image(Media::url("https://example.com/a.png"))));
        assert_eq!((image.is_text(), image.is_message(), image.kind()), (false, true, Kind::Image));
    }

    #[test]
    fn a_reply_is_a_message_and_an_edit_is_not() {
        let message = Message::Text("hi".to_owned());
        let reply = event(EventKind::Reply { to: "1".to_owned(), message: message.clone() });
        assert_eq!(reply.text(), Some("hi"));
        let edited = event(EventKind::MessageEdited { message_id: "1".to_owned(), message });
        assert!(!edited.is_message());
    }

    #[test]
    fn debug_shows_no_text() {
        let event = event(EventKind::Message(Message::Text("my password".to_owned())));
        assert!(!format!("{event:?}").contains("password"));
    }
}
