//! Why a call to AWS failed.

use serde::Deserialize;

use super::dynamodb::Item;

/// A write met a transaction on the same item, and the same for a transaction
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling>).
const CONFLICT_ERROR: &str = "TransactionConflictException";
const CONFLICT: &str = "TransactionConflict";

/// Codes of refusals that the same call may not meet a moment later
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/api-retries.html>).
const PASSING: [&str; 12] = [
    "InternalServerError",
    "KmsThrottled",
    "InternalFailure",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "ServiceUnavailable",
    "ThrottlingException",
    CONFLICT_ERROR,
    "TransactionInProgressException",
    "TooManyUpdates",
];

/// Codes whose message names what is missing and quotes nothing that was sent. Others may: a
/// validation quotes values, a wrong signature the headers with the session token.
const PLAIN: [&str; 5] = [
    "AccessDeniedException",
    "ProvisionedThroughputExceededException",
    "ResourceNotFoundException",
    "ThrottlingException",
    "UnrecognizedClientException",
];

/// Reasons for which a transaction is cancelled that say nothing about its conditions.
const PASSING_REASONS: [&str; 4] =
    ["None", "ProvisionedThroughputExceeded", "ThrottlingError", CONFLICT];

/// A call to AWS failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// AWS refused it.
    #[error("{operation} was refused: {refusal}")]
    Refused {
        /// What was called.
        operation: &'static str,
        /// AWS's reason.
        refusal: Box<Refusal>,
    },
    /// There was no answer.
    #[error("{operation} was not answered")]
    NoAnswer {
        /// What was called.
        operation: &'static str,
        /// What happened instead.
        #[source]
        source: reqwest::Error,
    },
    /// There was no answer in time.
    #[error("{operation} was not answered in time")]
    TimedOut {
        /// What was called.
        operation: &'static str,
    },
    /// Some of what was asked for was left out, however often it was asked for again.
    #[error("{operation} was answered in part")]
    InPart {
        /// What was called.
        operation: &'static str,
    },
    /// The answer cannot be read. What it was stays out of this: it holds what users store.
    #[error("{operation} was answered in a form that is not its own")]
    Unreadable {
        /// What was called.
        operation: &'static str,
    },
    /// There are no credentials to sign with.
    /// <https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html>
    #[error(
        "no AWS credentials: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY \
         (eval \"$(aws configure export-credentials --format env)\" sets them)"
    )]
    NoCredentials,
    /// Nobody has said where the service is.
    #[error("no AWS region: expected AWS_REGION (export AWS_REGION=$(aws configure get region))")]
    NoRegion,
}

/// AWS's reason for a refusal.
#[derive(Clone)]
pub struct Refusal {
    /// The error's name, such as `ThrottlingException`.
    pub code: String,
    /// What AWS says about it. May quote what was sent.
    pub message: String,
    /// The item a condition was false of, if that was asked for.
    pub(super) item: Option<Item>,
    /// Why a transaction was cancelled, write by write.
    pub(super) reasons: Vec<Reason>,
    is_server_error: bool,
}

/// Why one write of a transaction was not made.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Reason {
    pub code: String,
    /// The item a condition was false of, if that was asked for.
    pub item: Option<Item>,
}

impl std::fmt::Debug for Refusal {
    /// As [`Display`](std::fmt::Display): the rest may be what users store.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::fmt::Display for Refusal {
    /// Shows the message of codes that quote nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_plain = PLAIN.contains(&self.code.as_str()) && !self.message.is_empty();
        if is_plain {
            write!(f, "{}: {}", self.code, self.message)
        } else {
            f.write_str(&self.code)
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    #[serde(rename = "__type")]
    kind: String,
    #[serde(alias = "Message")]
    message: String,
    #[serde(rename = "Item")]
    item: Option<Item>,
    #[serde(rename = "CancellationReasons")]
    reasons: Vec<Reason>,
}

impl Refusal {
    /// Reads an error of AWS's JSON protocols, whose `__type` is `namespace#Code`.
    pub(super) fn read(status: http::StatusCode, body: &[u8]) -> Self {
        let error: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
        let code = error.kind.rsplit('#').next().filter(|code| !code.is_empty());
        Self {
            code: code.map_or_else(|| status.to_string(), str::to_owned),
            message: error.message,
            item: error.item,
            reasons: error.reasons,
            is_server_error: status.is_server_error(),
        }
    }

    fn is_passing(&self) -> bool {
        let is_passing = |reason: &Reason| PASSING_REASONS.contains(&reason.code.as_str());
        self.is_server_error
            || PASSING.contains(&self.code.as_str())
            || (!self.reasons.is_empty() && self.reasons.iter().all(is_passing))
    }
}

impl CallError {
    /// Whether the same call may succeed when it is repeated.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused { refusal, .. } => refusal.is_passing(),
            Self::NoAnswer { .. } | Self::TimedOut { .. } | Self::InPart { .. } => true,
            Self::Unreadable { .. } | Self::NoCredentials | Self::NoRegion => false,
        }
    }

    /// Whether it met somebody else's transaction on the same item, which this one is cancelled for.
    pub(super) fn is_conflict(&self) -> bool {
        self.refusal().is_some_and(|refusal| {
            refusal.code == CONFLICT_ERROR
                || refusal.reasons.iter().any(|reason| reason.code == CONFLICT)
        })
    }

    /// The refusal, if that is what it is.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn refused(status: StatusCode, body: &'static str) -> CallError {
        let refusal = Refusal::read(status, body.as_bytes());
        CallError::Refused { operation: "UpdateItem", refusal: Box::new(refusal) }
    }

    #[test]
    fn a_refusal_says_what_aws_says_but_never_quotes_a_value() {
        let cases = [
            (
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no table"}"#,
                "UpdateItem was refused: ResourceNotFoundException: no table",
                false,
            ),
            (
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"ada@example.com"}"#,
                "UpdateItem was refused: ValidationException",
                false,
            ),
            (
                r#"{"__type":"ThrottlingException","Message":"slow down"}"#,
                "UpdateItem was refused: ThrottlingException: slow down",
                true,
            ),
            (
                r#"{"__type":"TransactionCanceledException","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}"#,
                "UpdateItem was refused: TransactionCanceledException",
                true,
            ),
            (
                r#"{"__type":"TransactionCanceledException","CancellationReasons":[{"Code":"ConditionalCheckFailed"},{"Code":"TransactionConflict"}]}"#,
                "UpdateItem was refused: TransactionCanceledException",
                false,
            ),
            (
                r#"{"__type":"InvalidSignatureException","message":"x-amz-security-token:secret"}"#,
                "UpdateItem was refused: InvalidSignatureException",
                false,
            ),
            ("<html>", "UpdateItem was refused: 400 Bad Request", false),
        ];
        for (body, message, is_retryable) in cases {
            let error = refused(StatusCode::BAD_REQUEST, body);
            assert_eq!((error.to_string().as_str(), error.is_retryable()), (message, is_retryable));
        }
        assert!(refused(StatusCode::INTERNAL_SERVER_ERROR, "").is_retryable());
    }
}
