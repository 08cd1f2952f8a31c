//! Why a call to AWS failed.

use bytes::Bytes;
use serde::Deserialize;

/// Codes of refusals that the same call may not meet a moment later
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/api-retries.html>).
const PASSING: [&str; 9] = [
    "InternalServerError",
    "InternalFailure",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionInProgressException",
    "TooManyUpdates",
];

/// A call to AWS failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// AWS refused it.
    #[error("{operation} was refused: {refusal}")]
    Refused {
        /// What was called.
        operation: &'static str,
        /// Why it was refused.
        refusal: Refusal,
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
    /// The answer cannot be read. What it was stays out of this: it holds what users store.
    #[error("{operation} was answered in a form that is not its own")]
    Unreadable {
        /// What was called.
        operation: &'static str,
    },
    /// There are no credentials to sign with.
    #[error("no AWS credentials: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    NoCredentials,
}

/// AWS's reason for a refusal.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The error's name, such as `ThrottlingException`.
    pub code: String,
    /// What AWS says about it. May quote what was sent.
    pub message: String,
    /// The whole answer; some errors say more.
    pub(super) body: Bytes,
    is_server_error: bool,
}

impl std::fmt::Display for Refusal {
    /// Leaves out the message of a validation: it may quote a value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quotes = self.code == "ValidationException" || self.message.is_empty();
        if quotes { f.write_str(&self.code) } else { write!(f, "{}: {}", self.code, self.message) }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    #[serde(rename = "__type")]
    kind: String,
    #[serde(alias = "Message")]
    message: String,
}

impl Refusal {
    /// Reads an error of AWS's JSON protocols, whose `__type` is `namespace#Code`.
    pub(super) fn read(status: http::StatusCode, body: Bytes) -> Self {
        let error: ErrorBody = serde_json::from_slice(&body).unwrap_or_default();
        let code = error.kind.rsplit('#').next().filter(|code| !code.is_empty());
        Self {
            code: code.map_or_else(|| status.to_string(), str::to_owned),
            message: error.message,
            body,
            is_server_error: status.is_server_error(),
        }
    }
}

impl CallError {
    /// Whether the same call may succeed when it is repeated.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused { refusal, .. } => {
                refusal.is_server_error || PASSING.contains(&refusal.code.as_str())
            }
            Self::NoAnswer { .. } | Self::TimedOut { .. } => true,
            Self::Unreadable { .. } | Self::NoCredentials => false,
        }
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
        let refusal = Refusal::read(status, Bytes::from_static(body.as_bytes()));
        CallError::Refused { operation: "UpdateItem", refusal }
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
            ("<html>", "UpdateItem was refused: 400 Bad Request", false),
        ];
        for (body, message, is_retryable) in cases {
            let error = refused(StatusCode::BAD_REQUEST, body);
            assert_eq!((error.to_string().as_str(), error.is_retryable()), (message, is_retryable));
        }
        assert!(refused(StatusCode::INTERNAL_SERVER_ERROR, "").is_retryable());
    }
}
