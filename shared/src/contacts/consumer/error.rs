//! Why an external service did not do what it was asked. It is logged, so it shows no field of a
//! contact, no credential and no URL.

use std::time::Duration;

use super::external::Operation;
use crate::contacts::ExternalId;
use crate::ground::http::Outage;

/// An operation failed, after everything that could be repeated was.
#[derive(Debug, thiserror::Error)]
pub enum ConsumerError {
    /// There is no such contact.
    #[error("resource not found")]
    NotFound,
    /// More than one contact has the address.
    #[error("{matches} contacts have this e-mail address")]
    Ambiguous {
        /// How many.
        matches: usize,
    },
    /// There is such a contact already.
    #[error("the contact exists already")]
    Conflict {
        /// Which one, if the service says so.
        existing: Option<ExternalId>,
    },
    /// The service refuses the request, and would again.
    #[error("the service refused with status {status}{}", code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Rejected {
        /// The answer's HTTP status.
        status: u16,
        /// The service's own code for it. Its words are not kept: they may quote the contact.
        code: Option<String>,
    },
    /// The service refuses the credentials, or what they may do.
    #[error("the service refused the credentials with status {status}")]
    Unauthorized {
        /// 401 or 403, or what the login was answered.
        status: u16,
    },
    /// Too many requests, and no time left to wait. Nothing was done.
    #[error("the service gets too many requests")]
    RateLimited {
        /// How long the service asks to wait.
        retry_after: Option<Duration>,
    },
    /// The service gave no answer, or one that says that it failed.
    #[error("the service is unavailable: {outage}")]
    Unavailable {
        /// What went wrong.
        outage: Outage,
        /// How long the service asks to wait.
        retry_after: Option<Duration>,
        /// Whether the request may have been carried out.
        may_have_happened: bool,
    },
    /// The answer says success, and is not what the configuration describes.
    #[error("the service's answer to {operation} is not as described: expected {expected}")]
    Unreadable {
        /// What was asked.
        operation: Operation,
        /// What was not there.
        expected: String,
    },
    /// This consumer does not have the operation.
    #[error("the operation {0} is not configured")]
    Unsupported(Operation),
    /// The request could not be put together from the configuration, the settings and the contact.
    #[error("{place}: {reason}")]
    Unsendable {
        /// Where in the configuration.
        place: String,
        /// What was expected there.
        reason: String,
    },
}

impl ConsumerError {
    /// Whether the same may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. })
    }

    /// How long to wait before that, if the service says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Unavailable { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }

    /// Whether the request may have been carried out all the same. A creation of which this is
    /// true must not be repeated blindly: the contact may be there, without its id being known.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Unavailable { may_have_happened, .. } => *may_have_happened,
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }
}
