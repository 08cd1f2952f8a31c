//! Why a function does not start.

use crate::chat::ConnectorError;
use crate::ground::aws::InvalidEndpoint;
use crate::ground::aws::sqs::InvalidQueue;
use crate::ground::config::LoadError;
use crate::ground::http::HttpClientError;

/// A function does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is missing or wrong.
    #[error(transparent)]
    Config(#[from] LoadError),
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    HttpClient(#[from] HttpClientError),
    /// The variable names no queue, or one of another kind.
    #[error("{variable} names no queue, or one of the wrong kind")]
    Queue {
        /// `IMPORT_QUEUE_URL` or `MESSAGE_QUEUE_URL`.
        variable: &'static str,
        /// What was expected.
        source: InvalidQueue,
    },
    /// A channel's events are queued, and there is no queue.
    #[error(
        "channel {channel}: expected MESSAGE_QUEUE_URL to name the queue of the worker function \
         (template.yaml sets it with the parameter Worker=yes), or `delivery: inline`"
    )]
    NoQueue {
        /// The channel's name.
        channel: String,
    },
    /// `DYNAMODB_ENDPOINT` or an `AWS_ENDPOINT_URL_…` is no address.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),
    /// There is nothing to answer with.
    #[error("no bot: expected `bot:` with a `type` in patchcord.yaml, or Setup::bot in main.rs")]
    NoBot,
    /// There are no contacts to import.
    #[error("no contacts: expected `contacts:` in patchcord.yaml")]
    NoContacts,
    /// There is nothing to receive messages with.
    #[error("no channels: expected `channels:` in patchcord.yaml")]
    NoChannels,
    /// A channel is not what `main.rs` takes it for.
    #[error("channel {channel}: expected it to be there, as a {expected}")]
    OtherChannel {
        /// The channel's name.
        channel: String,
        /// The type `main.rs` asks for.
        expected: &'static str,
    },
    /// A connector cannot set up what it needs.
    #[error("channel {channel} does not connect")]
    Connect {
        /// The channel's name.
        channel: String,
        /// The connector's error.
        #[source]
        source: ConnectorError,
    },
    /// `PATCHCORD_RESPONSE_MODE` is none of its values.
    #[error("PATCHCORD_RESPONSE_MODE: expected `buffered` or `streamed`, or that it is not set")]
    ResponseMode,
    /// The Lambda runtime ended.
    #[error("the Lambda runtime stopped")]
    Runtime(#[source] lambda_runtime::Error),
}
