//! What a caller over HTTP needs, with a clock that moves when the caller waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use patchcord::ground::clock::{Clock, ManualClock, Timestamp};
use patchcord::ground::http::{HttpParts, client};
use patchcord::ground::random::Random;
use patchcord::ground::retry::Sleep;

/// Half a minute before the moment that RFC 9110 gives as an example,
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
const NOW: Timestamp = Timestamp::from_millis(784_111_777_000 - 30_000);
const SEED: u64 = 7;

/// Pauses that take no time.
pub struct Pauses {
    clock: Arc<ManualClock>,
    taken: Mutex<Vec<Duration>>,
}

impl Pauses {
    /// How long somebody has waited, each time.
    pub fn taken(&self) -> Vec<Duration> {
        self.taken.lock().unwrap().clone()
    }
}

#[async_trait]
impl Sleep for Pauses {
    async fn sleep(&self, duration: Duration) {
        self.taken.lock().unwrap().push(duration);
        self.clock.advance(duration);
    }
}

/// The parts. Their clock begins at the same moment each time.
pub fn parts() -> (HttpParts, Arc<ManualClock>, Arc<Pauses>) {
    let clock = Arc::new(ManualClock::at(NOW));
    let pauses = Arc::new(Pauses { clock: Arc::clone(&clock), taken: Mutex::default() });
    let parts = HttpParts {
        client: client().unwrap(),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(Random::seeded(SEED)),
        sleep: Arc::clone(&pauses) as Arc<dyn Sleep>,
    };
    (parts, clock, pauses)
}

/// An error with its causes and its `Debug`, as a log would have it.
pub fn logged(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(|error| format!("{error} {error:?}")).collect::<Vec<_>>().join(" <- ")
}
