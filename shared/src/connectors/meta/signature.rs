//! How Meta proves that a webhook comes from it; the same on all of its platforms
//! (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads>).

use super::webhook::WebhookKeys;
use crate::chat::{RequestError, WebhookRequest};

/// The header with the signature, and what stands before it.
const HEADER: &str = "x-hub-signature-256";
const PREFIX: &str = "sha256=";

impl WebhookKeys {
    /// Checks the signature over the raw bytes of the body. Meta signs “an escaped unicode version
    /// of the payload” (`äöå` is `\u00e4\u00f6\u00e5`), which is also what it sends: a body that
    /// was parsed and written again would have another signature. There is no time in it.
    pub fn verify(&self, request: &WebhookRequest) -> Result<(), RequestError> {
        let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let signature = header.and_then(|value| value.strip_prefix(PREFIX)).unwrap_or_default();
        if self.app_secret.verify(&[request.body()], signature) {
            return Ok(());
        }
        Err(RequestError::unauthorized(
            "expected the header X-Hub-Signature-256, made with the channel's `app_secret`",
        ))
    }
}
