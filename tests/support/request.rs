//! Requests to the webhook function, and its answers.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use patchcord_local::runtime_api::Lambda;
use serde_json::{Value, json};

/// A message to the channel `rest`.
pub fn message(sender: &str, text: &str) -> Request<Bytes> {
    post("/webhooks/rest/webhook", &json!({ "sender": sender, "message": text }))
}

/// The same with an id by which it is recognised.
pub fn message_with_id(sender: &str, text: &str, id: &str) -> Request<Bytes> {
    let body = json!({ "sender": sender, "message": text, "message_id": id });
    post("/webhooks/rest/webhook", &body)
}

/// JSON posted to `path`.
pub fn post(path: &str, body: &Value) -> Request<Bytes> {
    raw("POST", path, body.to_string())
}

/// Any request, said to be JSON.
pub fn raw(method: &str, path: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(format!("https://example.com{path}"))
        .header("content-type", "application/json")
        .body(body.into())
        .expect("a request")
}

/// An answer with its body as JSON.
#[derive(Debug)]
pub struct JsonAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Value,
}

impl JsonAnswer {
    /// One of its headers, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Sends a request and reads the answer as JSON.
pub async fn send(lambda: &Lambda, request: Request<Bytes>) -> JsonAnswer {
    let response: Response<Bytes> = lambda.http(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = serde_json::from_slice(&body)
        .unwrap_or_else(|_| panic!("expected JSON, got {}", String::from_utf8_lossy(&body)));
    JsonAnswer { status: parts.status, headers: parts.headers, body }
}

/// The text of the only reply of an answer.
pub fn only_text(answer: &JsonAnswer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    match answer.body.as_array().map(Vec::as_slice) {
        Some([reply]) => reply["text"].as_str().expect("a text").to_owned(),
        _ => panic!("expected one reply, got {}", answer.body),
    }
}
