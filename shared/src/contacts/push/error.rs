//! Why a push is refused. It may be logged and sent back: it quotes nothing that came in.

use crate::ground::standard_webhook::WebhookError;

/// A push was refused; nothing has been done about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// The key, the credentials or the signature is missing or wrong.
    #[error("expected the key of this integration, or a signature that fits the request")]
    Unauthorized,
    /// The signature is right, and the request was made at another time.
    #[error("expected a request made within five minutes of now")]
    Stale,
    /// The body is not what it should be.
    #[error("expected {expected}")]
    Malformed {
        /// What should be there, and where.
        expected: String,
    },
    /// There is no key to verify with, so nobody may push this way.
    #[error("this integration takes no such pushes")]
    NotConfigured,
    /// The key could not be put together from the configuration and the settings.
    #[error("{place}: {reason}")]
    Unsendable {
        /// Where in the configuration.
        place: String,
        /// What was expected there.
        reason: String,
    },
}

impl PushError {
    pub(super) fn malformed(expected: impl Into<String>) -> Self {
        Self::Malformed { expected: expected.into() }
    }
}

impl From<WebhookError> for PushError {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Unsigned => Self::Unauthorized,
            WebhookError::Stale => Self::Stale,
        }
    }
}
