//! Saving the pair of a contact and the one that was created for it.

use std::time::Duration;

use tokio::time::sleep;

use super::claim::StillClaimed;
use super::operations::{Job, Sync};
use super::outcome::{Outcome, Unchanged};
use crate::contacts::pairs::{Contact, CreationKey, Lease, PairError, View};
use crate::ground::retry::RetryPolicy;

/// For saving a pair while an event of the new contact looks at it.
const SAVING: RetryPolicy = RetryPolicy {
    retries: u32::MAX,
    first_pause: Duration::from_millis(10),
    longest_pause: Duration::from_millis(200),
};

/// How long to try to save a pair whose other contact somebody has.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Patience {
    /// As long as a pause takes less than half of the time that is left: a contact was created, and
    /// is lost otherwise.
    AsLongAsPossible,
    /// It is not waited for.
    OneAttempt,
}

/// A contact, and the one that was created for it.
pub(super) struct Pairing<'a> {
    /// The one of which was told.
    pub source: &'a Contact,
    /// The one on the other side.
    pub created: &'a Contact,
    /// Under which its creation was begun.
    pub key: CreationKey,
    /// What both hold.
    pub view: &'a View,
}

impl Sync {
    /// Saves the pair of a contact and the one that was created for it.
    pub(super) async fn save_pair(
        &self,
        job: &Job<'_>,
        lease: &Lease,
        pairing: Pairing<'_>,
        patience: Patience,
    ) -> Result<Outcome, StillClaimed> {
        let Pairing { source, created, key, view } = pairing;
        let mut retries = SAVING.start();
        loop {
            let error = match self.pairs.pair(lease, created, key, view).await {
                Ok(()) => {
                    let (botmatic, external) = Self::ids(source, created)?;
                    return Ok(Outcome::Done { botmatic, external, is_new: true });
                }
                // Whoever deleted the one means the other, too.
                Err(PairError::Deleted { .. }) => {
                    self.delete_on(job, source).await?;
                    self.pairs.mark_deleted(lease.clone()).await?;
                    return Ok(Outcome::Unchanged(Unchanged::Deleted));
                }
                Err(error) => error,
            };
            let left = job.deadline.remaining(self.clock.now()) / 2;
            match retries.next_pause(None, left, &self.random) {
                Some(pause) if error.is_retryable() && patience == Patience::AsLongAsPossible => {
                    sleep(pause).await;
                }
                _ => return Err(error.into()),
            }
        }
    }
}
