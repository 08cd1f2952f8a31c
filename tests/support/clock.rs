//! Clocks that a test moves: what takes a minute is over at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use patchcord::ground::clock::{Clock, ManualClock, SystemClock, Timestamp};

/// A clock that stands still, ahead of the machine's: DynamoDB deletes what has expired by its own.
pub fn ahead() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(SystemClock.now() + Duration::from_hours(24)))
}

/// The machine's clock, which can be moved forward.
#[derive(Debug, Default)]
pub struct ShiftedClock(AtomicU64);

impl ShiftedClock {
    /// From now on it is so much later.
    ///
    /// # Panics
    /// If that is too long for a clock.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(u64::try_from(by.as_millis()).expect("milliseconds"), SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + Duration::from_millis(self.0.load(SeqCst))
    }
}
