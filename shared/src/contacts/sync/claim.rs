//! Waiting for a contact that somebody else has.

use std::time::Duration;

use tokio::time::sleep;

use super::operations::{Job, Sync};
use super::outcome::Outcome;
use crate::contacts::pairs::{Claim, ClaimRequest, Claimed, Contact};
use crate::ground::clock::{CLOCK_SKEW, Deadline};
use crate::ground::retry::RetryPolicy;

/// Tries until the time is over.
const WAITING: RetryPolicy = RetryPolicy {
    retries: u32::MAX,
    first_pause: Duration::from_millis(10),
    longest_pause: Duration::from_millis(400),
};
/// Senders of webhooks wait for some seconds, and then send again.
const PATIENCE: Duration = Duration::from_secs(3);
/// No claim lasts longer than half of the time within which both services have told of a change: a
/// function that has died over a creation keeps its contact until then, and the other half is for
/// the other service to tell of what was created.
const SHARE: u32 = 2;
/// What an event is given in any case.
const AT_LEAST: Duration = Duration::from_secs(10);

/// What became of an event whose contact is claimed still, and has to be given back as it was; an
/// `Ok` has given it back. The outcome need not be a failure: there may have been nothing to save.
pub(super) struct StillClaimed(pub Outcome);

impl<E: Into<Outcome>> From<E> for StillClaimed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// How long a claim lasts at most, where both services have told of a change within `settle`.
pub(in crate::contacts) fn longest_claim(settle: Duration) -> Duration {
    (settle / SHARE).max(AT_LEAST)
}

impl Sync {
    /// The contact, once nobody else has it, and the job, which ends before the claim does: what is
    /// written later could undo what the next one writes. Not waited for longer than a sender waits
    /// for its answer, nor for more than half of the time there is; the rest is for what has to be
    /// done.
    pub(super) async fn claim<'a>(
        &self,
        job: &Job<'a>,
        contact: &Contact,
    ) -> Result<(Claimed, Job<'a>), Outcome> {
        let longest = longest_claim(self.settle);
        let begun = self.clock.now();
        let patience = PATIENCE.min(job.deadline.remaining(begun) / 2);
        let mut retries = WAITING.start();
        loop {
            let now = self.clock.now();
            let time = job.deadline.remaining(now).min(longest);
            let request = ClaimRequest {
                integration: job.integration.id.clone(),
                contact: contact.clone(),
                owner: self.random.token(),
                until: now + time + CLOCK_SKEW,
            };
            if let Claim::Claimed(claimed) = self.pairs.claim(request).await? {
                return Ok((*claimed, Job { deadline: Deadline::after(time, now), ..*job }));
            }
            let left = patience.saturating_sub(self.clock.now().since(begun));
            match retries.next_pause(None, left, &self.random) {
                Some(pause) => sleep(pause).await,
                None => {
                    return Err(Outcome::busy("another event of the contact is handled"));
                }
            }
        }
    }
}
