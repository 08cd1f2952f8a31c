//! Why a request was refused, and why a connector's hook failed.

use std::error::Error;

/// Why a request was refused. Nothing has happened to any session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The request carries no valid proof of who sent it: 401.
    #[error("{expected}")]
    Unauthorized {
        /// What was expected. Never the proof that would have been right.
        expected: &'static str,
        /// The scheme for `WWW-Authenticate` (RFC 9110, 11.6.1), if there is one: `Bearer`.
        scheme: Option<&'static str>,
    },
    /// The same, where the platform's documents want it answered 403.
    #[error("{expected}")]
    Forbidden {
        /// What was expected.
        expected: &'static str,
    },
    /// The body is larger than is read: 413.
    #[error("expected a body of {limit} bytes at most")]
    TooLarge {
        /// What is read at most.
        limit: usize,
    },
    /// The request is not what the platform sends: 400.
    #[error("{expected}")]
    Malformed {
        /// What was expected, and where.
        expected: String,
    },
}

impl RequestError {
    /// A [`RequestError::Unauthorized`] of a platform that has its own way to sign requests.
    pub const fn unauthorized(expected: &'static str) -> Self {
        Self::Unauthorized { expected, scheme: None }
    }

    /// A [`RequestError::Malformed`].
    pub fn malformed(expected: impl Into<String>) -> Self {
        Self::Malformed { expected: expected.into() }
    }
}

/// A connector's own hook failed: a prefetch, a check, or setting up its client.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct ConnectorError {
    /// What was tried. No tokens, no message bodies.
    pub what: String,
    /// Whether the same attempt may succeed later.
    pub retryable: bool,
    /// The cause.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}
