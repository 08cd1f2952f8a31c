//! Waiting for a contact that somebody else has.

use std::time::Duration;

use tokio::time::sleep;

use super::operations::{Job, Sync};
use super::outcome::Outcome;
use crate::contacts::pairs::{Claim, ClaimRequest, Claimed, Contact};
use crate::ground::retry::RetryPolicy;

/// Tries until the time is over.
const WAITING: RetryPolicy = RetryPolicy {
    retries: u32::MAX,
    first_pause: Duration::from_millis(10),
    longest_pause: Duration::from_millis(400),
};
/// A claim ends when its invocation does, and a little later: clocks differ.
const SLACK: Duration = Duration::from_secs(1);

impl Sync {
    /// The contact, once nobody else has it. Half of the remaining time is for waiting, the other
    /// half for what has to be done.
    pub(super) async fn claim(&self, job: &Job<'_>, contact: &Contact) -> Result<Claimed, Outcome> {
        let patience = job.deadline.remaining(self.clock.now()) / 2;
        let mut retries = WAITING.start();
        loop {
            let request = ClaimRequest {
                integration: job.integration.id.clone(),
                contact: contact.clone(),
                owner: self.random.token(),
                until: job.deadline.timestamp() + SLACK,
            };
            if let Claim::Claimed(claimed) = self.pairs.claim(request).await? {
                return Ok(*claimed);
            }
            let left = job.deadline.remaining(self.clock.now()).saturating_sub(patience);
            match retries.next_pause(None, left, &self.random) {
                Some(pause) => sleep(pause).await,
                None => {
                    return Err(Outcome::retry_later("another event of the contact is handled"));
                }
            }
        }
    }
}
