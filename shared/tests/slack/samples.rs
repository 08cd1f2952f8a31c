//! The samples, as Slack sends them.

use std::sync::LazyLock;

use http::Request;
use patchcord::chat::WebhookRequest;
use patchcord::ground::http::percent_encode;
use serde_json::Value;

pub const PATH: &str = "/webhooks/team/webhook";
/// What the samples are signed with: the secret of
/// <https://docs.slack.dev/authentication/verifying-requests-from-slack>.
pub const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
pub const NOW: &str = "1700000000";

static SAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("samples/samples.json")).unwrap());
static SIGNATURES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("samples/signatures.json")).unwrap());

/// The body of the request with the sample `name`.
pub fn body(name: &str) -> String {
    let sample = |section: &str| SAMPLES[section].get(name);
    if let Some(event) = sample("events") {
        return event.to_string();
    }
    if let Some(payload) = sample("interactions") {
        return format!("payload={}", percent_encode(&payload.to_string()));
    }
    sample("forms").unwrap_or_else(|| panic!("no sample {name}")).as_str().unwrap().to_owned()
}

/// Its signature at a time: `now`, `stale` or `future`.
pub fn signature(name: &str, time: &str) -> &'static str {
    SIGNATURES[time][name].as_str().unwrap()
}

/// The request with the sample `name`, signed just now.
pub fn request(name: &str) -> WebhookRequest {
    signed(body(name), NOW, signature(name, "now"))
}

pub fn signed(body: String, time: &str, signature: &str) -> WebhookRequest {
    Request::post(PATH)
        .header("x-slack-request-timestamp", time)
        .header("x-slack-signature", signature)
        .body(body.into())
        .unwrap()
}
