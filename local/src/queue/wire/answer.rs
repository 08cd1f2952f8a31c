//! Answers and refusals as HTTP.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::queue::QueueError;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");

/// What an operation came to. Without an output, the body of the answer is empty.
pub(super) type Outcome = Result<Option<Value>, QueueError>;

pub(super) fn respond(outcome: Outcome, request_id: &str) -> Response {
    let mut response = match outcome {
        Ok(output) => output.map(|output| output.to_string()).unwrap_or_default().into_response(),
        Err(error) => refuse(&error),
    };
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn refuse(error: &QueueError) -> Response {
    let body = json!({"__type": error.kind(), "message": error.to_string()});
    let mut response = (error.status(), Body::from(body.to_string())).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("{};Sender", error.code())) {
        response.headers_mut().insert(QUERY_ERROR, value);
    }
    response
}
