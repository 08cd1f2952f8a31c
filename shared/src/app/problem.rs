//! Errors as HTTP answers: problem details in JSON (RFC 9457), made at this one place.

use http::header::{ALLOW, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use serde_json::json;

use super::answer::{AnswerBody, answer_of_type};
use crate::chat::RequestError;
use crate::chat::dispatcher::DispatchError;

/// An answer that says what was expected.
pub(super) fn problem(status: StatusCode, detail: &str) -> Response<AnswerBody> {
    let title = status.canonical_reason().unwrap_or("Error");
    let body = json!({ "title": title, "status": status.as_u16(), "detail": detail });
    answer_of_type(status, "application/problem+json", body.to_string())
}

/// A method that the resource does not have.
pub(super) fn wrong_method(allowed: &'static str) -> Response<AnswerBody> {
    let detail = format!("expected {allowed}");
    let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, &detail);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// A request that was refused before anything happened.
pub(super) fn refused(error: &RequestError) -> Response<AnswerBody> {
    let detail = error.to_string();
    match error {
        RequestError::TooLarge { .. } => problem(StatusCode::PAYLOAD_TOO_LARGE, &detail),
        RequestError::Forbidden { .. } => problem(StatusCode::FORBIDDEN, &detail),
        RequestError::Malformed { .. } => problem(StatusCode::BAD_REQUEST, &detail),
        RequestError::Unauthorized { scheme, .. } => {
            let mut response = problem(StatusCode::UNAUTHORIZED, &detail);
            let scheme = scheme.map(HeaderValue::from_static);
            response.headers_mut().extend(scheme.map(|scheme| (WWW_AUTHENTICATE, scheme)));
            response
        }
    }
}

/// An event that was not answered. What may succeed later is a 503, so that it is tried again.
pub(super) fn not_answered(error: &DispatchError) -> Response<AnswerBody> {
    let status = match error {
        DispatchError::KeyTooLong => StatusCode::BAD_REQUEST,
        error if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if status != StatusCode::SERVICE_UNAVAILABLE {
        return problem(status, &error.to_string());
    }
    let seconds = match error {
        DispatchError::Busy { retry_after } => retry_after.as_secs() + 1,
        _ => 1,
    };
    retry_later(seconds, &error.to_string())
}

/// What may succeed in so many seconds.
pub(super) fn retry_later(seconds: u64, detail: &str) -> Response<AnswerBody> {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, detail);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
