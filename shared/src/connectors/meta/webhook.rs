//! How Meta proves that a webhook comes from it, and asks whether the webhook is ours; the same on
//! all of its platforms
//! (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started>).

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};

use crate::chat::{RequestError, WebhookRequest};
use crate::connectors::signature::SigningKey;
use crate::ground::http::query_parameter;
use crate::ground::secret::Secret;

/// The header with the signature, and what stands before it.
const HEADER: &str = "x-hub-signature-256";
const PREFIX: &str = "sha256=";

/// What a channel and Meta know of each other.
pub struct WebhookKeys {
    app_secret: SigningKey,
    verify_token: Secret,
}

impl WebhookKeys {
    /// The app's secret, which Meta signs with, and the token that was entered with the URL.
    pub fn new(app_secret: &Secret, verify_token: Secret) -> Self {
        Self { app_secret: SigningKey::new(app_secret), verify_token }
    }

    /// Checks the signature over the raw bytes of the body. Meta signs “an escaped unicode version
    /// of the payload” (`äöå` is `\u00e4\u00f6\u00e5`), which is also what it sends: a body that
    /// was parsed and written again would have another signature. There is no time in it.
    pub fn verify(&self, request: &WebhookRequest) -> Result<(), RequestError> {
        let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let signature = header.and_then(|value| value.strip_prefix(PREFIX)).unwrap_or_default();
        if self.app_secret.is_of(&[request.body()], signature) {
            return Ok(());
        }
        Err(RequestError::unauthorized(
            "expected the header X-Hub-Signature-256, made with the channel's `app_secret`",
        ))
    }

    /// Gives Meta's challenge back, if it knows the channel's token; 403 otherwise, as in
    /// <https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks#verification-requests>.
    pub fn handshake(&self, request: &WebhookRequest) -> Result<Response<Bytes>, RequestError> {
        let parameter = |name| query_parameter(request.uri(), name).unwrap_or_default();
        let knows_token = self.verify_token.matches(&parameter("hub.verify_token"));
        if parameter("hub.mode") != "subscribe" || !knows_token {
            return Err(RequestError::Forbidden {
                expected: "expected hub.mode=subscribe and the channel's `verify_token`",
            });
        }
        let mut response = Response::new(Bytes::from(parameter("hub.challenge")));
        let text = HeaderValue::from_static("text/plain");
        response.headers_mut().insert(CONTENT_TYPE, text);
        Ok(response)
    }
}
