//! Taking a session, after waiting while somebody else has it, and giving it back as it was.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::time::within;
use super::{DispatchError, Dispatcher};
use crate::chat::sessions::{Answer, Claim, ClaimRequest, Claimed, Lease, SessionKey};
use crate::ground::clock::Deadline;
use crate::ground::metrics::Metric;
use crate::ground::retry::RetryPolicy;
use crate::ground::telemetry::Chain;

/// How a busy session is asked for again, until the time is over.
const WAITING: RetryPolicy = RetryPolicy {
    retries: u32::MAX,
    first_pause: Duration::from_millis(5),
    longest_pause: Duration::from_millis(400),
};

/// A claim after waiting.
pub(super) enum ClaimedOrSeen {
    Claimed(Box<Claimed>),
    Seen(Option<Answer>),
}

impl Dispatcher {
    /// Claims with growing pauses, for half of the time there is: the other half is for the bot.
    pub(super) async fn claim(
        &self,
        request: ClaimRequest,
        channel: &str,
        deadline: Deadline,
    ) -> Result<ClaimedOrSeen, DispatchError> {
        let patience = deadline.remaining(self.clock.now()) / 2;
        let give_up = Instant::now() + patience;
        let mut retries = WAITING.start();
        loop {
            let left = self.time_for_store(deadline);
            let until = match within(left, self.sessions.claim(request.clone())).await? {
                Claim::Claimed(claimed) => return Ok(ClaimedOrSeen::Claimed(claimed)),
                Claim::Seen(answer) => {
                    self.count(Metric::DuplicateEvents, channel, 1);
                    return Ok(ClaimedOrSeen::Seen(answer));
                }
                Claim::Busy { until } => until,
            };
            let left = give_up.saturating_duration_since(Instant::now());
            let Some(pause) = retries.next_pause(None, left, &self.random) else {
                self.count(Metric::BusySessions, channel, 1);
                return Err(DispatchError::Busy { retry_after: until.since(self.clock.now()) });
            };
            sleep(pause).await;
        }
    }

    /// Frees a session as it was. If that fails, the lease ends by itself.
    pub(super) async fn release(&self, key: &SessionKey, lease: &Lease, deadline: Deadline) {
        let release = within(self.time_for_store(deadline), self.sessions.release(key, lease));
        if let Err(error) = release.await {
            tracing::warn!(error = %Chain(&error), "session not freed");
        }
    }
}
