//! Why messages were not sent, or no queue is there to send them to.

use super::message::MAX_BYTES;
use crate::ground::aws::client::InvalidEndpoint;
use crate::ground::aws::error::CallError;

/// Codes of refusals that a later call may not meet
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors>).
const PASSING: [&str; 2] = ["KmsThrottled", "RequestThrottled"];

/// A queue that cannot be one.
#[derive(Debug, thiserror::Error)]
pub enum InvalidQueue {
    /// The queue's address is none.
    #[error(
        "{url}: expected the URL of a queue, such as \
         https://sqs.eu-west-1.amazonaws.com/123456789012/import"
    )]
    Url {
        /// What was there instead.
        url: String,
    },
    /// It is the address of a standard queue.
    #[error("{url}: expected the URL of a FIFO queue, which ends in .fifo")]
    NotFifo {
        /// What was there instead.
        url: String,
    },
    /// The address of the service is none.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),
}

/// Messages were not sent, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum SendMessagesError {
    /// A message is too long, and none was sent.
    #[error("message {position} has {bytes} bytes: expected {MAX_BYTES} at most")]
    TooLarge {
        /// The message, from 0.
        position: usize,
        /// Its length.
        bytes: usize,
    },
    /// A message has characters that SQS refuses, or none at all. No message was sent.
    #[error(
        "message {position}: expected a text without control characters, U+FFFE and U+FFFF, and \
         not an empty one"
    )]
    InvalidContents {
        /// The message, from 0.
        position: usize,
    },
    /// An id of a message to a FIFO queue is none. No message was sent.
    #[error(
        "message {position}: expected a {name} of 1 to 128 letters, digits and punctuation marks \
         of ASCII"
    )]
    InvalidId {
        /// The message, from 0.
        position: usize,
        /// The id's name in SQS's API.
        name: &'static str,
    },
    /// Some messages were not accepted. To a standard queue, all others were sent.
    #[error(
        "{} of {of} messages were not accepted, the first of them for {}",
        refused.len(),
        refused.first().map_or("", |first| &first.code)
    )]
    Refused {
        /// Which, and why.
        refused: Vec<Refused>,
        /// How many there were to send.
        of: usize,
    },
    /// A call failed. Messages before `from` were sent; whether later ones were is not known.
    #[error("messages from {from} on may not have been sent")]
    Call {
        /// The first message of the call, from 0.
        from: usize,
        /// The cause.
        #[source]
        source: CallError,
    },
}

/// A message that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which one, from 0.
    pub position: usize,
    /// The error's name.
    pub code: String,
    /// Whether it will be refused every time.
    pub is_final: bool,
}

impl SendMessagesError {
    /// Whether sending the same again may succeed. What was sent before is then sent twice, which
    /// only a FIFO queue notices.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::TooLarge { .. } | Self::InvalidContents { .. } | Self::InvalidId { .. } => false,
            Self::Refused { refused, .. } => refused.iter().all(|refused| !refused.is_final),
            Self::Call { source, .. } => {
                let is_passing = |code: &str| PASSING.contains(&code);
                let refusal = source.refusal();
                source.is_retryable() || refusal.is_some_and(|refusal| is_passing(&refusal.code))
            }
        }
    }
}
