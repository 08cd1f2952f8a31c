//! What a channel and Meta know of each other, and how Meta asks whether a webhook is ours; the same
//! on all of its platforms
//! (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started>).

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};

use crate::chat::{RequestError, WebhookRequest};
use crate::connectors::signature::SigningKey;
use crate::ground::http::query_parameter;
use crate::ground::secret::Secret;

/// What a channel and Meta know of each other.
pub struct WebhookKeys {
    pub(super) app_secret: SigningKey,
    verify_token: Secret,
}

impl WebhookKeys {
    /// The app's secret, which Meta signs with, and the token that was entered with the URL.
    pub fn new(app_secret: &Secret, verify_token: Secret) -> Self {
        Self { app_secret: SigningKey::new(app_secret), verify_token }
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
