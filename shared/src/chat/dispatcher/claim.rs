//! Waiting for a session that somebody else has.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{DispatchError, Dispatcher, within};
use crate::chat::sessions::{Answer, Claim, ClaimRequest, Claimed};
use crate::ground::clock::Deadline;
use crate::ground::metrics::{self, Metric};

/// The first pause before a busy session is asked for again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// A claim after waiting.
pub(super) enum Waited {
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
    ) -> Result<Waited, DispatchError> {
        let patience = deadline.remaining(self.clock.now()) / 2;
        let give_up = Instant::now() + patience;
        let mut pause = FIRST_PAUSE;
        loop {
            let left = self.time_for_store(deadline);
            let until = match within(left, self.sessions.claim(request.clone())).await? {
                Claim::Claimed(claimed) => return Ok(Waited::Claimed(claimed)),
                Claim::Seen(answer) => {
                    metrics::count(
                        Metric::DuplicateEvents,
                        &self.settings.service,
                        channel,
                        self.clock.now(),
                    );
                    return Ok(Waited::Seen(answer));
                }
                Claim::Busy { until } => until,
            };
            let left = give_up.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let now = self.clock.now();
                metrics::count(Metric::BusySessions, &self.settings.service, channel, now);
                return Err(DispatchError::Busy { retry_after: until.since(now) });
            }
            sleep(self.random.jitter(pause).min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
