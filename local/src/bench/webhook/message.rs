//! What is sent to `webhook`.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::bench::instance::Invocation;

/// The health route of the channel: a request that neither the bot nor the store sees.
pub(super) fn health() -> Invocation {
    let request = Request::get("https://example.com/webhooks/rest/").body(Bytes::new());
    Invocation::new(request, r#"{"status":"ok"}"#.to_owned())
}

/// The message of `sender` that the echo bot answers with this `count`.
pub(super) fn message(sender: &str, count: u32) -> Invocation {
    post(&json!({ "sender": sender, "message": "hello" }), count)
}

/// The same with an id by which it is recognised when it comes again.
pub(super) fn message_with_id(sender: &str, count: u32) -> Invocation {
    let id = format!("{sender}-{count}");
    post(&json!({ "sender": sender, "message": "hello", "message_id": id }), count)
}

fn post(body: &Value, count: u32) -> Invocation {
    let request = Request::post("https://example.com/webhooks/rest/webhook")
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    Invocation::new(request, format!(r#""text":"{count}: hello""#))
}
