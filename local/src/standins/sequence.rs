//! When something changed: RFC 3339 with microseconds, a different time for every change.

use std::sync::Arc;

use patchcord::ground::clock::Clock;

/// Gives out times that grow, also where the clock stands still.
pub(super) struct Sequence {
    clock: Arc<dyn Clock>,
    last: u64,
}

impl Sequence {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: 0 }
    }

    /// The next time, in microseconds since 1970.
    pub(super) fn next(&mut self) -> u64 {
        let now = self.clock.now().as_millis().saturating_mul(1000);
        self.last = now.max(self.last + 1);
        self.last
    }
}

/// As `2026-01-31T12:00:00.000001Z`.
pub(super) fn rfc3339(micros: u64) -> String {
    let time = i64::try_from(micros).ok().and_then(|m| jiff::Timestamp::from_microsecond(m).ok());
    format!("{:.6}", time.unwrap_or(jiff::Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use patchcord::ground::clock::{ManualClock, Timestamp};

    use super::*;

    #[test]
    fn no_two_changes_have_the_same_time() {
        let clock = ManualClock::at(Timestamp::from_millis(1_769_860_800_000));
        let mut sequence = Sequence::new(Arc::new(clock));
        assert_eq!(rfc3339(sequence.next()), "2026-01-31T12:00:00.000000Z");
        assert_eq!(rfc3339(sequence.next()), "2026-01-31T12:00:00.000001Z");
    }
}
