//! Why an event was not answered.

use std::time::Duration;

use crate::chat::connector::ConnectorError;
use crate::chat::sessions::{Failure, SessionKey, StoreError};

/// Why an event was not answered. It may come again and is then answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DispatchError {
    /// Somebody else is answering an event of this session, for longer than we could wait.
    #[error("the conversation is busy with an earlier message")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// What came before the bot took the time that the invocation had: other events, or the
    /// connector's `update_session`.
    #[error("not enough of the invocation's time is left for the bot")]
    NoTime,
    /// The bot failed before it had said anything, and is to be asked again.
    #[error("the bot did not finish: {}", failure.as_str())]
    BotFailed {
        /// The way in which it failed.
        failure: Failure,
        /// When to ask it, if the platform has said so.
        retry_after: Option<Duration>,
    },
    /// The connector's key for the session is too long to be stored.
    #[error("expected a conversation id of {} bytes at most", SessionKey::MAX_BYTES)]
    KeyTooLong,
    /// The session could not be claimed or saved.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The connector could not prepare the session.
    #[error(transparent)]
    Connector(#[from] ConnectorError),
}

impl DispatchError {
    /// Whether the same event may be answered when it comes again.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::NoTime | Self::BotFailed { .. } => true,
            Self::KeyTooLong => false,
            Self::Store(error) => error.is_retryable(),
            Self::Connector(error) => error.retryable,
        }
    }

    /// When the same event is to come again at the earliest, if somebody has said so.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after } => Some(*retry_after),
            Self::BotFailed { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
