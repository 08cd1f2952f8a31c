//! What a platform told us, in one shape for every platform.

mod kind;

use std::fmt;

use http::Extensions;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use kind::{EventKind, Kind, Location, Message, Payload};

use crate::ground::clock::Timestamp;

/// One thing that happened on a platform.
///
/// Platform-only data travels typed in [`Event::extensions`]; what no field covers is still in
/// [`Event::raw`]. Events wait in a queue as JSON, without their extensions, which
/// [`Connector::extend_event`](super::Connector::extend_event) adds again.
#[derive(Clone, Serialize, Deserialize)]
pub struct Event {
    /// The platform's own id of this event, if it has one. Events of one session with the same id
    /// are answered once.
    pub id: Option<String>,
    /// The platform's name, as [`Connector::platform`](super::Connector::platform) gives it.
    pub platform: String,
    /// The channel's name in the configuration; the webhook function fills it in.
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
    #[serde(skip)]
    pub extensions: Extensions,
}

/// Who caused an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The platform's id of the person or bot.
    pub id: String,
    /// The name to show, where the platform sends one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What the caller calls the way a message came, where it has a name for it: an extension of the
/// event. Rasa calls it `input_channel`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputChannel(pub String);

/// Where an event happened, and where a reply goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// A room, channel, chat or, where the platform has none, the person.
    pub room: String,
    /// A thread or topic in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
}

impl Target {
    /// A room, without a thread.
    pub fn room(room: impl Into<String>) -> Self {
        Self { room: room.into(), thread: None }
    }
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

    /// The way it came as the caller calls it, or else the channel's name.
    pub fn input_channel(&self) -> &str {
        self.extensions.get::<InputChannel>().map_or(&self.channel, |input| &input.0)
    }

    /// The kind without its content.
    pub fn kind(&self) -> Kind {
        self.kind.kind()
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
    use crate::chat::reply::Media;

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
