//! What came back, and what it means.

use std::time::Duration;

use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::Value;

use super::error::ApiError;
use super::reason::Reason;
use crate::ground::clock::Timestamp;
use crate::ground::http::{self as ground_http, Outage};
use crate::ground::retry::retry_after;

/// An answer, read to its end.
pub(super) struct Answer {
    pub status: StatusCode,
    retry_after: Option<Duration>,
    /// None if it is not JSON; null if there is none.
    body: Option<Value>,
}

impl Answer {
    pub fn read(answer: &ground_http::Answer, now: Timestamp) -> Self {
        let asked = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = asked.and_then(|text| retry_after(text, now));
        let body = match answer.body.as_slice() {
            [] => Some(Value::Null),
            body => serde_json::from_slice(body).ok(),
        };
        Self { status: answer.status, retry_after, body }
    }

    /// An answer that has nothing to say.
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, retry_after: None, body: Some(Value::Null) }
    }

    /// Whether it says itself that it is no success.
    pub fn says_no(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body["success"] == false)
    }

    /// The answer if it is a success, or what it is instead.
    pub fn check(self) -> Result<Self, ApiError> {
        let (code, retry_after) = (self.status.as_u16(), self.retry_after);
        match self.status {
            status if status.is_success() && !self.says_no() => Ok(self),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(ApiError::Unauthorized { status: code })
            }
            StatusCode::NOT_FOUND => Err(ApiError::NotFound),
            StatusCode::TOO_MANY_REQUESTS => Err(ApiError::RateLimited { retry_after }),
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Err(ApiError::Unavailable {
                    outage: Outage::Status(code),
                    retry_after,
                    may_have_happened: status != StatusCode::SERVICE_UNAVAILABLE,
                })
            }
            _ => {
                let reason = self.body.as_ref().and_then(Reason::of);
                Err(ApiError::Rejected { status: code, reason })
            }
        }
    }

    /// What it says, where it has to say something.
    pub fn json(self) -> Result<Value, ApiError> {
        let body = self.body.filter(|body| body.is_object() || body.is_array());
        body.ok_or(ApiError::Unreadable { expected: "JSON" })
    }

    /// What it says, where it need not say anything.
    pub fn json_or_nothing(self) -> Result<Value, ApiError> {
        match self.body {
            Some(Value::Null) => Ok(Value::Null),
            body => Self { body, ..self }.json(),
        }
    }
}
