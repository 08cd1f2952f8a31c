//! Why Botmatic did not do what it was asked. It is logged, so it shows no field of a contact, no
//! token and no URL.

use std::time::Duration;

use super::reason::Reason;
use crate::ground::http::Outage;

/// A call failed, after everything that could be repeated was.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// There is no such contact or bot.
    #[error("resource not found")]
    NotFound,
    /// Botmatic refuses the token, or what it may do.
    #[error("Botmatic refused the integration token with status {status}")]
    Unauthorized {
        /// 401 or 403.
        status: u16,
    },
    /// Botmatic refuses the request, and would again.
    #[error("Botmatic refused the request with status {status}")]
    Rejected {
        /// The answer's HTTP status; one of success if only its body says that it is none.
        status: u16,
        /// Why, for the one who asked.
        reason: Option<Reason>,
    },
    /// Too many requests, and no time left to wait. Nothing was done.
    #[error("Botmatic gets too many requests")]
    RateLimited {
        /// How long Botmatic asks to wait.
        retry_after: Option<Duration>,
    },
    /// Botmatic gave no answer, or one that says that it failed.
    #[error("Botmatic is unavailable")]
    Unavailable {
        /// What went wrong.
        #[source]
        outage: Outage,
        /// How long Botmatic asks to wait.
        retry_after: Option<Duration>,
        /// Whether the request may have been carried out.
        may_have_happened: bool,
    },
    /// The answer says success, and is not what Botmatic's API describes.
    #[error("Botmatic's answer is not as described: expected {expected}")]
    Unreadable {
        /// What was not there.
        expected: &'static str,
    },
}

impl ApiError {
    /// Whether the same may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. })
    }

    /// How long to wait before that, if Botmatic says so.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Unavailable { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }

    /// Whether the request may have been carried out all the same. A creation of which this is
    /// true must not be repeated blindly: the contact may be there, without its id being known.
    pub const fn may_have_happened(&self) -> bool {
        match self {
            Self::Unavailable { may_have_happened, .. } => *may_have_happened,
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }

    /// The same after an earlier attempt that may have been carried out, of which the last one
    /// says nothing.
    pub(super) fn after_uncertainty(self) -> Self {
        match self {
            Self::RateLimited { retry_after } => {
                Self::Unavailable { outage: Outage::Unknown, retry_after, may_have_happened: true }
            }
            Self::Unavailable { outage, retry_after, .. } => {
                Self::Unavailable { outage, retry_after, may_have_happened: true }
            }
            other => other,
        }
    }
}
