//! Why a message was not answered by the server. It is logged, so it shows neither the message,
//! nor the answer, nor the URL.

use http::StatusCode;

use super::wire::MalformedAnswer;
use crate::chat::SendError;

/// The longest answer that is read.
pub const MAX_ANSWER_BYTES: usize = 1_000_000;

/// The server did not answer a message.
#[derive(Debug, thiserror::Error)]
pub enum HttpBotError {
    /// It answered with something else than success.
    #[error("the bot's server answered with status {}", .0.as_u16())]
    Status(StatusCode),
    /// It did not answer in time. The message may have been handled.
    #[error("the bot's server did not answer in time")]
    Timeout,
    /// It could not be reached, or the connection broke.
    #[error("the bot's server could not be reached, or hung up")]
    Connection(#[source] reqwest::Error),
    /// It answered at greater length than is read.
    #[error("the bot's server answered with more than {MAX_ANSWER_BYTES} bytes")]
    TooLarge,
    /// It answered with something else than a Rasa server does.
    #[error("the bot's server gave an answer that cannot be read")]
    Malformed(#[from] MalformedAnswer),
    /// It answered, and what it said did not reach the platform.
    #[error("what the bot's server said did not reach the platform")]
    Send(#[from] SendError),
}

impl HttpBotError {
    /// Whether the message can be handed over again: nobody can have handled it, or the server
    /// says that it failed.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Status(status) => status.is_server_error(),
            Self::Connection(_) => true,
            Self::Timeout | Self::TooLarge | Self::Malformed(_) | Self::Send(_) => false,
        }
    }
}

impl From<reqwest::Error> for HttpBotError {
    fn from(error: reqwest::Error) -> Self {
        // A connection that took too long to open has carried nothing, so it is no timeout.
        if error.is_timeout() && !error.is_connect() {
            return Self::Timeout;
        }
        Self::Connection(error.without_url())
    }
}
