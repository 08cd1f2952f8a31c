//! Why an import does not go on for now, whatever it met: Botmatic, the source, or a store.

use std::time::Duration;

use super::source::SourceError;
use super::store::JobError;
use crate::contacts::pairs::PairError;

/// Why nothing more can be done for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contacts::import) enum Stop {
    /// It may go on later.
    Later {
        /// When, if somebody says so.
        after: Option<Duration>,
        /// What went wrong, for people.
        reason: String,
    },
    /// It cannot go on, for this reason.
    Fatal(String),
}

impl Stop {
    /// It goes on at once, if need be in the next slice.
    pub fn time_over() -> Self {
        Self::Later { after: Some(Duration::ZERO), reason: "the time is over".to_owned() }
    }
}

impl From<PairError> for Stop {
    fn from(error: PairError) -> Self {
        let reason = error.to_string();
        if error.is_retryable() { Self::Later { after: None, reason } } else { Self::Fatal(reason) }
    }
}

impl From<JobError> for Stop {
    fn from(error: JobError) -> Self {
        let reason = error.to_string();
        if error.is_retryable() { Self::Later { after: None, reason } } else { Self::Fatal(reason) }
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        let reason = error.to_string();
        if error.is_retryable() {
            Self::Later { after: error.retry_after(), reason }
        } else {
            Self::Fatal(reason)
        }
    }
}
