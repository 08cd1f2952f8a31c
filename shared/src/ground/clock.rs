//! Time as a parameter: wall-clock timestamps, the clock they come from, and the deadline of an
//! invocation.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// By how much the clocks of two machines may differ: whatever is to end with an invocation ends so
/// much later for everybody else.
pub const CLOCK_SKEW: Duration = Duration::from_secs(1);

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment `millis` milliseconds after the epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the epoch, the unit of DynamoDB's time to live.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }

    /// The date and time in UTC.
    pub fn to_utc(self) -> DateTime {
        let millis = i64::try_from(self.0).unwrap_or(i64::MAX);
        let moment = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
        Offset::UTC.to_datetime(moment)
    }

    /// The same as RFC 3339 writes it, `1970-01-01T00:00:00.012Z`.
    pub fn to_rfc3339(self) -> String {
        format!("{}Z", self.to_utc())
    }

    /// The moment that `text` writes in the form of RFC 3339, if it does, and not before the epoch.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        u64::try_from(moment.as_millisecond()).ok().map(Self)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(millis))
    }
}

/// Where the current time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp(0) + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

/// A clock for tests: it stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// A clock that stands at `now`.
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicU64::new(now.0))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let now = self.now() + by;
        self.0.store(now.0, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// The moment at which an invocation ends, whatever it is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(Timestamp);

impl Deadline {
    /// Assumed where the Runtime API names a deadline that has already passed, as
    /// `cargo lambda watch` does (it sends ten minutes after the epoch).
    pub const FALLBACK: Duration = Duration::from_secs(30);

    /// The deadline at `at`, or [`Self::FALLBACK`] from now if that has passed.
    pub fn at(at: Timestamp, now: Timestamp) -> Self {
        Self(if at > now { at } else { now + Self::FALLBACK })
    }

    /// The deadline `remaining` from now.
    pub fn after(remaining: Duration, now: Timestamp) -> Self {
        Self(now + remaining)
    }

    /// The moment itself.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The time left; zero once it has passed.
    pub fn remaining(self, now: Timestamp) -> Duration {
        self.0.since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        for (text, expected) in [
            ("2026-01-02T03:04:05.678Z", Some(1_767_323_045_678)),
            ("2026-01-02T03:04:05.678+02:00", Some(1_767_315_845_678)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59Z", None),
            ("2026-01-02", None),
            ("1767323045", None),
        ] {
            let expected = expected.map(Timestamp);
            assert_eq!(Timestamp::from_rfc3339(text), expected, "{text}");
        }
        let moment = Timestamp(1_767_323_045_678);
        assert_eq!(Timestamp::from_rfc3339(&moment.to_rfc3339()), Some(moment));
    }

    #[test]
    fn a_deadline_in_the_past_becomes_the_fallback() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let sent_by_cargo_lambda = Timestamp::from_millis(600_000);
        let deadline = Deadline::at(sent_by_cargo_lambda, now);
        assert_eq!(deadline.remaining(now), Deadline::FALLBACK);
    }

    #[test]
    fn a_deadline_ahead_is_kept_and_runs_out() {
        let clock = ManualClock::at(Timestamp::from_millis(1_000));
        let deadline = Deadline::at(Timestamp::from_millis(4_000), clock.now());
        clock.advance(Duration::from_secs(2));
        assert_eq!(deadline.remaining(clock.now()), Duration::from_secs(1));
        clock.advance(Duration::from_secs(9));
        assert_eq!(deadline.remaining(clock.now()), Duration::ZERO);
    }
}
