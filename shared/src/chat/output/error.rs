//! Why a reply did not reach the platform.

use std::time::Duration;

use crate::chat::fallback::Unsupported;

/// Longer than that nothing waits that is said.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// A reply did not reach the platform.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The platform cannot show it, and nothing can stand in for it.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The platform asks to slow down.
    #[error("the platform asks to wait for {retry_after:?}")]
    RateLimited {
        /// For how long: see [`SendError::rate_limited`].
        retry_after: Duration,
    },
    /// It will never succeed: the recipient has blocked the bot or is gone.
    #[error("the recipient cannot be reached: {reason}")]
    Unreachable {
        /// The platform's code for why.
        reason: String,
    },
    /// The platform does not take it: a message that it cannot read, a right that the bot lacks.
    #[error("the platform refuses it: {reason}")]
    Refused {
        /// The platform's code for why. Nothing of the message.
        reason: String,
    },
    /// The platform does not know us, or nothing answers there: a token that was replaced, an
    /// address that is not right yet. Nothing changes within seconds, but somebody may mend it.
    #[error("the platform does not let us: {reason}")]
    Unavailable {
        /// The platform's code for why.
        reason: String,
    },
    /// It did not succeed this time.
    #[error("the platform could not be reached")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SendError {
    /// The platform asks to wait for `pause`, of which a day counts at most: what a platform says
    /// may be wrong by any factor.
    pub fn rate_limited(pause: Duration) -> Self {
        Self::RateLimited { retry_after: pause.min(LONGEST_PAUSE) }
    }

    /// Whether sending the same again a moment later may succeed.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Failed(_))
    }

    /// Whether it may succeed some time: nothing is wrong with what is said, or to whom.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Failed(_) | Self::Unavailable { .. })
    }
}
