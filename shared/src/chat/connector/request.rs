//! A request of a platform, and what a connector makes of it.

use bytes::Bytes;
use http::Response;

use crate::chat::event::Event;

/// A request as the platform sent it: the body is the raw bytes, decoded from Lambda's base64.
pub type WebhookRequest = http::Request<Bytes>;

/// What a request has told.
#[derive(Debug, Default)]
pub struct Received {
    /// Its events, in order: none for what needs no answer, many for a batch.
    pub events: Vec<Event>,
    /// What the platform wants to hear where the replies go another way; an empty 200 if it does
    /// not care.
    pub acknowledgement: Response<Bytes>,
    /// How many things happened that no bot is told of: the bot's own echoes, receipts, kinds of
    /// updates that are not known. They are counted.
    pub ignored: usize,
    /// How many parts of a batch could not be read. The others are events; these are counted.
    pub malformed: usize,
}

impl Received {
    /// A request with no event, which is answered: a handshake, a ping.
    pub fn answer(body: impl Into<Bytes>) -> Self {
        Self { acknowledgement: Response::new(body.into()), ..Self::default() }
    }

    /// A request that tells a bot nothing.
    pub fn ignored() -> Self {
        Self { ignored: 1, ..Self::default() }
    }
}

impl From<Vec<Event>> for Received {
    fn from(events: Vec<Event>) -> Self {
        Self { events, ..Self::default() }
    }
}

impl From<Event> for Received {
    fn from(event: Event) -> Self {
        vec![event].into()
    }
}
