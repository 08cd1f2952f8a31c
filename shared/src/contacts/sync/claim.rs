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
/// Senders of webhooks wait for some seconds, and then send again.
const PATIENCE: Duration = Duration::from_secs(3);
/// No claim lasts longer, or a function that has died would lock a contact for minutes.
const LONGEST: Duration = Duration::from_mins(1);
/// A claim ends when its invocation does, and a little later: clocks differ.
const SLACK: Duration = Duration::from_secs(1);

impl Sync {
    /// The contact, once nobody else has it. Not waited for longer than a sender waits for its
    /// answer, nor for more than half of the time there is; the rest is for what has to be done.
    pub(super) async fn claim(&self, job: &Job<'_>, contact: &Contact) -> Result<Claimed, Outcome> {
        let begun = self.clock.now();
        let patience = PATIENCE.min(job.deadline.remaining(begun) / 2);
        let mut retries = WAITING.start();
        loop {
            let request = ClaimRequest {
                integration: job.integration.id.clone(),
                contact: contact.clone(),
                owner: self.random.token(),
                until: job.deadline.timestamp().min(self.clock.now() + LONGEST) + SLACK,
            };
            if let Claim::Claimed(claimed) = self.pairs.claim(request).await? {
                return Ok(*claimed);
            }
            let left = patience.saturating_sub(self.clock.now().since(begun));
            match retries.next_pause(None, left, &self.random) {
                Some(pause) => sleep(pause).await,
                None => {
                    return Err(Outcome::retry_later("another event of the contact is handled"));
                }
            }
        }
    }
}
