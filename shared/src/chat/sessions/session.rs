//! A session as the rest of the chat wing sees it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ground::clock::Timestamp;

/// Names one conversation: the channel it takes place on and the connector's key for it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey(String);

impl SessionKey {
    /// The longest key in bytes. DynamoDB allows 2,048 for a partition key
    /// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).
    pub const MAX_BYTES: usize = 2048;

    /// The conversation `key` on `channel`; none if the two are too long together.
    pub fn new(channel: &str, key: &str) -> Option<Self> {
        let joined = format!("{channel}:{key}");
        (joined.len() <= Self::MAX_BYTES).then_some(Self(joined))
    }

    /// The stored form: `channel:key`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_stored(stored: &str) -> Self {
        Self(stored.to_owned())
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is remembered of a conversation.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// The conversation.
    pub key: SessionKey,
    /// The bot's state; none before the first message and after the session has expired.
    pub state: Option<Map<String, Value>>,
    /// What the connector keeps here, such as the sender's profile.
    pub data: Map<String, Value>,
    /// How many events have been answered; every commit counts one.
    pub version: u64,
    /// When the last event was answered.
    pub updated: Option<Timestamp>,
}

impl Session {
    /// A conversation that has not begun.
    pub fn new(key: SessionKey) -> Self {
        Self { key, state: None, data: Map::new(), version: 0, updated: None }
    }
}

impl fmt::Debug for Session {
    /// Without state and data: they may hold what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("key", &self.key)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// What was answered to an event, kept for the case that the same event comes again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The encoded replies.
    pub replies: Vec<Value>,
    /// Why there may be more to say than was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Why an event was answered only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The bot returned an error or panicked.
    BotFailed,
    /// The bot was stopped because the function's time was up.
    TimedOut,
    /// The state became larger than the store can keep. The old state stays.
    StateTooLarge,
}

impl Failure {
    /// The name used in headers and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BotFailed => "bot-failed",
            Self::TimedOut => "timed-out",
            Self::StateTooLarge => "state-too-large",
        }
    }
}
