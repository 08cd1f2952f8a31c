//! Why a request is refused. A message names fields and places, never what is in them.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::de::IgnoredAny;
use serde_json::json;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Without a key, or with one that nobody has.
    #[error("expected `Authorization: Bearer` with a valid key")]
    Unauthorized,
    /// There is no such thing.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The path exists, but not with this method.
    #[error("this method is not for this path")]
    Method,
    /// Not JSON.
    #[error("malformed JSON at line {line}, column {column}")]
    Malformed {
        /// Where it stops to be JSON.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// The body did not arrive whole.
    #[error("the body could not be read")]
    Unreadable,
    /// Said to be something else.
    #[error("expected `Content-Type: {0}`")]
    MediaType(&'static str),
    /// Too many bytes.
    #[error("the body is too large")]
    TooLarge,
    /// An e-mail address that another contact has.
    #[error("a contact with this `email` exists already")]
    Conflict,
    /// JSON of the wrong shape, or values that are not accepted.
    #[error("{0}")]
    Invalid(String),
}

impl Refusal {
    /// The status it becomes.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed { .. } | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl Refusal {
    /// What is wrong with a body. serde's own message would quote values.
    pub(super) fn of_json(body: &[u8], error: &serde_json::Error) -> Self {
        if let Err(syntax) = serde_json::from_slice::<IgnoredAny>(body) {
            return Self::Malformed { line: syntax.line(), column: syntax.column() };
        }
        let (line, column) = (error.line(), error.column());
        Self::Invalid(format!("not the expected shape at line {line}, column {column}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "success": false, "error": self.to_string() });
        (self.status(), Json(body)).into_response()
    }
}
