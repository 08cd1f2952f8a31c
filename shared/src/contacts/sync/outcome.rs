//! What became of an event: it is the answer, a line in the log and a metric.

use std::time::Duration;

use crate::contacts::pairs::PairError;
use crate::contacts::{BotmaticId, ExternalId};

/// The end of every operation of the sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side has it now.
    Done {
        /// The contact on Botmatic.
        botmatic: BotmaticId,
        /// The same on the external service.
        external: ExternalId,
        /// Whether the other side did not have it before.
        is_new: bool,
    },
    /// There was nothing to do.
    Unchanged(Unchanged),
    /// The external service had the contact already; the two are a pair now and hold the same.
    Adopted {
        /// The contact on Botmatic.
        botmatic: BotmaticId,
        /// The same on the external service.
        external: ExternalId,
    },
    /// There is no such contact, or it has no pair.
    NotFound,
    /// One of the two contacts is another one's pair.
    Conflict,
    /// It would fail again. The reason shows no field of a contact.
    Rejected(String),
    /// It may succeed later; whoever told of it has to tell again.
    RetryLater {
        /// How long to wait, if that is known.
        after: Option<Duration>,
        /// What went wrong, for people. It shows no field of a contact.
        reason: String,
        /// What is in the way.
        obstacle: Obstacle,
    },
}

/// What is in the way of a contact that may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Something of this contact alone: somebody else has it, or its creation is in doubt.
    Contact,
    /// A service or a store that is unavailable. Other contacts would fare no better.
    Service,
}

/// Why there was nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchanged {
    /// Both sides hold it already: an echo of our own writing, or a repetition.
    Echo,
    /// A newer change was handled before.
    Stale,
    /// The contact was deleted.
    Deleted,
    /// Both sides correct each other's values. The last correction is left out, so that it ends.
    Loop,
    /// A contact was deleted that had no pair.
    NoPair,
}

impl Outcome {
    /// The contact is in somebody else's hands, or in doubt.
    pub(super) fn busy(reason: impl Into<String>) -> Self {
        Self::RetryLater { after: None, reason: reason.into(), obstacle: Obstacle::Contact }
    }

    /// A service or a store is unavailable.
    pub(super) fn unavailable(reason: impl Into<String>) -> Self {
        Self::RetryLater { after: None, reason: reason.into(), obstacle: Obstacle::Service }
    }

    /// Its name in logs and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Unchanged(Unchanged::Echo) => "unchanged",
            Self::Unchanged(Unchanged::Stale) => "stale",
            Self::Unchanged(Unchanged::Deleted) => "deleted before",
            Self::Unchanged(Unchanged::Loop) => "loop ended",
            Self::Unchanged(Unchanged::NoPair) => "no pair",
            Self::Adopted { .. } => "adopted",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::Rejected(_) => "rejected",
            Self::RetryLater { .. } => "retry later",
        }
    }

    /// Whether what was to be true afterwards is.
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Adopted { .. } | Self::Unchanged(_))
    }

    /// What to tell whoever caused it, if it is not a success.
    pub fn error(&self) -> Option<String> {
        match self {
            Self::Done { .. } | Self::Adopted { .. } | Self::Unchanged(_) => None,
            Self::NotFound => Some("resource not found".to_owned()),
            Self::Conflict => Some("the contact is paired with another one".to_owned()),
            Self::Rejected(reason) | Self::RetryLater { reason, .. } => Some(reason.clone()),
        }
    }
}

impl From<PairError> for Outcome {
    fn from(error: PairError) -> Self {
        match error {
            PairError::Conflict { .. } => Self::Conflict,
            PairError::Deleted { .. } => Self::Unchanged(Unchanged::Deleted),
            PairError::Corrupt(_) => Self::Rejected(error.to_string()),
            PairError::LeaseLost => Self::busy(error.to_string()),
            PairError::Unavailable(_) => Self::unavailable(error.to_string()),
        }
    }
}
