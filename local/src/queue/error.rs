//! What SQS says no to, with the codes it says it by.
//!
//! `__type` is what the JSON protocol calls an error, the header `x-amzn-query-error` what it was
//! called before there was one, and what AWS's SDKs go by:
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-api-responses.html>,
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait>.

use http::StatusCode;

/// A request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// There is no queue of this name.
    #[error("the specified queue does not exist")]
    QueueDoesNotExist,
    /// There is one, made differently.
    #[error("a queue of this name exists, with other attributes")]
    QueueNameExists,
    /// No attribute of a queue is called this.
    #[error("unknown attribute {0}")]
    InvalidAttributeName(String),
    /// An attribute has a value that it cannot have.
    #[error("invalid value for the attribute {0}")]
    InvalidAttributeValue(String),
    /// A parameter has a value that it cannot have.
    #[error("invalid value for the parameter {name}: expected {expected}")]
    InvalidParameterValue {
        /// Which one.
        name: &'static str,
        /// What it should be.
        expected: String,
    },
    /// A parameter is not there.
    #[error("the request must contain the parameter {0}")]
    MissingParameter(&'static str),
    /// A text with characters that SQS does not take.
    #[error("the message contains characters outside the allowed set")]
    InvalidMessageContents,
    /// It is no handle, or not of this queue.
    #[error("the input receipt handle is invalid")]
    ReceiptHandleIsInvalid,
    /// Nobody has the message now, or somebody else.
    #[error("the message is not in flight")]
    MessageNotInflight,
    /// A batch without entries.
    #[error("there should be at least one entry in the request")]
    EmptyBatchRequest,
    /// A batch with more than ten.
    #[error("at most 10 entries are permitted, {0} were sent")]
    TooManyEntriesInBatchRequest(usize),
    /// Two entries with one id.
    #[error("two entries have the id {0}")]
    BatchEntryIdsNotDistinct(String),
    /// An id with other characters, or too long a one.
    #[error("an id of an entry has 1 to 80 letters, digits, hyphens and underscores")]
    InvalidBatchEntryId,
    /// The bodies of a batch are too long together.
    #[error("the messages of a batch may have {limit} bytes, {bytes} were sent")]
    BatchRequestTooLong {
        /// What it has.
        bytes: usize,
        /// What it may have.
        limit: usize,
    },
    /// Purged less than a minute ago.
    #[error("only one PurgeQueue is allowed every 60 seconds")]
    PurgeQueueInProgress,
    /// AWS has it, this machine has not.
    #[error("{0} is not supported on this machine")]
    UnsupportedOperation(String),
    /// No operation of SQS.
    #[error("the operation is unknown")]
    UnknownOperation,
    /// The request carries no signature.
    #[error("the request is not signed")]
    NotSigned,
    /// The body is not the JSON of this operation.
    #[error("the request cannot be read: {0}")]
    Malformed(String),
}

const SQS: &str = "com.amazonaws.sqs";
/// Errors that AWS's services have in common, as AWS sends them
/// (<https://github.com/http4k/http4k/pull/1336> quotes one).
const COMMON: &str = "com.amazon.coral.service";

impl QueueError {
    /// What it is called in `x-amzn-query-error`, and among the failures of a batch.
    pub fn code(&self) -> &'static str {
        match self {
            Self::QueueDoesNotExist => "AWS.SimpleQueueService.NonExistentQueue",
            Self::QueueNameExists => "QueueAlreadyExists",
            Self::InvalidAttributeName(_) => "InvalidAttributeName",
            Self::InvalidAttributeValue(_) => "InvalidAttributeValue",
            Self::InvalidParameterValue { .. } => "InvalidParameterValue",
            Self::MissingParameter(_) => "MissingParameter",
            Self::InvalidMessageContents => "InvalidMessageContents",
            Self::ReceiptHandleIsInvalid => "ReceiptHandleIsInvalid",
            Self::MessageNotInflight => "AWS.SimpleQueueService.MessageNotInflight",
            Self::EmptyBatchRequest => "AWS.SimpleQueueService.EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest(_) => {
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"
            }
            Self::BatchEntryIdsNotDistinct(_) => "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            Self::InvalidBatchEntryId => "AWS.SimpleQueueService.InvalidBatchEntryId",
            Self::BatchRequestTooLong { .. } => "AWS.SimpleQueueService.BatchRequestTooLong",
            Self::PurgeQueueInProgress => "AWS.SimpleQueueService.PurgeQueueInProgress",
            Self::UnsupportedOperation(_) => "AWS.SimpleQueueService.UnsupportedOperation",
            Self::UnknownOperation => "InvalidAction",
            Self::NotSigned => "AccessDenied",
            Self::Malformed(_) => "MalformedInput",
        }
    }

    /// What it is called in `__type`.
    pub fn kind(&self) -> String {
        let (namespace, name) = match self {
            Self::QueueNameExists => (SQS, "QueueNameExists"),
            Self::QueueDoesNotExist => (SQS, "QueueDoesNotExist"),
            Self::InvalidParameterValue { .. } => (COMMON, "InvalidParameterValueException"),
            Self::MissingParameter(_) => (COMMON, "MissingRequiredParameterException"),
            Self::UnknownOperation => (COMMON, "UnknownOperationException"),
            Self::NotSigned => (COMMON, "AccessDeniedException"),
            Self::Malformed(_) => (COMMON, "SerializationException"),
            other => (SQS, other.code().rsplit('.').next().unwrap_or_default()),
        };
        format!("{namespace}#{name}")
    }

    /// The status of an answer that is nothing but this.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::ReceiptHandleIsInvalid => StatusCode::NOT_FOUND,
            Self::PurgeQueueInProgress | Self::NotSigned => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
