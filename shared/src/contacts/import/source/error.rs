//! Why a page could not be read. It is logged, so it shows no field of a contact and no URL.

use std::time::Duration;

use crate::contacts::consumer::ConsumerError;
use crate::contacts::import::store::JobError;
use crate::ground::aws::CallError;
use crate::ground::http::Outage;

/// Reading a page failed, after everything that could be repeated was.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The external service refused, or gave no answer.
    #[error(transparent)]
    Consumer(#[from] ConsumerError),
    /// The failures of another import could not be read.
    #[error(transparent)]
    Failures(Box<JobError>),
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// Whoever has the file refuses to give it.
    #[error("the file was refused with status {status}")]
    Refused {
        /// The answer's HTTP status.
        status: u16,
    },
    /// Whoever has the file gave no answer, or one that says that it failed.
    #[error("the file could not be fetched: {outage}")]
    Unavailable {
        /// What went wrong.
        outage: Outage,
        /// How long to wait, if whoever has it says so.
        retry_after: Option<Duration>,
    },
    /// It is not the file in which the page before has ended.
    #[error("the file has changed since the import began")]
    Changed,
    /// A request to AWS could not be signed.
    #[error(transparent)]
    Aws(#[from] CallError),
    /// The file is not what it was said to be, from here on.
    #[error("{place}: expected {expected}")]
    Unreadable {
        /// Where, as a line if it is one.
        place: String,
        /// What was expected there.
        expected: String,
    },
    /// The operating system could not read it.
    #[error("the file could not be read")]
    Io(#[source] std::io::Error),
}

impl SourceError {
    pub(super) fn unreadable(place: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Unreadable { place: place.into(), expected: expected.into() }
    }

    pub(super) fn unavailable(outage: Outage) -> Self {
        Self::Unavailable { outage, retry_after: None }
    }

    /// Whether the same may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Consumer(error) => error.is_retryable(),
            Self::Failures(error) => error.is_retryable(),
            Self::Unavailable { .. } => true,
            _ => false,
        }
    }

    /// How long to wait before that, if it was said.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Consumer(error) => error.retry_after(),
            Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
