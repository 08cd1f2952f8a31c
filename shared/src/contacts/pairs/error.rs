//! Why a store of pairs fails, or refuses.

use crate::contacts::Side;

/// A store failed, or refused.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// One of the two is paired with another contact already. Nothing was changed.
    #[error("the contact {contact} on {side} is paired with another one")]
    Conflict {
        /// Where the contact is that has a pair.
        side: Side,
        /// Its id.
        contact: String,
    },
    /// One of the two was deleted while the pair was made. Nothing was changed.
    #[error("the contact {contact} on {side} was deleted meanwhile")]
    Deleted {
        /// Where it was.
        side: Side,
        /// Its id.
        contact: String,
    },
    /// Somebody else has one of the two now. Nothing was changed.
    #[error("the contact was taken over before it was saved")]
    LeaseLost,
    /// What is stored is not what this version writes.
    #[error("the stored pair is not readable: {0}")]
    Corrupt(&'static str),
    /// The store could not be reached, or answered with an error.
    #[error("the store of pairs did not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl PairError {
    /// Whether the same call may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::LeaseLost)
    }
}
