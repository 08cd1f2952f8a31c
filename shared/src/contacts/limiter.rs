//! At most so many requests a second.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::ground::clock::Timestamp;

/// At least one in 100 seconds; the upper bound is beyond any need.
const RATES: RangeInclusive<f64> = 0.01..=1_000.0;
/// Integrations without a recent request are forgotten once there are more than these.
const MANY: usize = 1_000;

/// How many requests may be made in a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(f64);

/// A number is no such rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number from {} to {}", RATES.start(), RATES.end())]
pub struct InvalidRate;

impl Rate {
    /// So many in a second, from 0.01 to 1000.
    pub fn new(per_second: f64) -> Result<Self, InvalidRate> {
        RATES.contains(&per_second).then_some(Self(per_second)).ok_or(InvalidRate)
    }
}

/// Spaces the requests of each integration, in this process: two Lambda instances know nothing of
/// each other, so the service's own limit still counts.
///
/// A second's worth of requests may go at once; then they are spaced evenly (the “generic cell
/// rate algorithm”, <https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>).
pub(in crate::contacts) struct Limiter {
    interval: Duration,
    burst: Duration,
    /// When the requests so far would be over if they had been spaced evenly.
    ends: Mutex<HashMap<String, Timestamp>>,
}

impl Limiter {
    /// Lets so many requests through.
    pub fn new(rate: Rate) -> Self {
        let interval = Duration::from_secs_f64(1.0 / rate.0);
        let burst = Duration::from_secs(1).saturating_sub(interval);
        Self { interval, burst, ends: Mutex::default() }
    }

    /// How long the next request of `integration` has to wait; its place is taken then. An error
    /// if that is `at_most` or longer; then no place is taken.
    pub fn take(
        &self,
        integration: &str,
        now: Timestamp,
        at_most: Duration,
    ) -> Result<Duration, Duration> {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if ends.len() > MANY {
            ends.retain(|_, end| *end > now);
        }
        let end = ends.get(integration).copied().unwrap_or(now).max(now);
        let wait = end.since(now).saturating_sub(self.burst);
        if !wait.is_zero() && wait >= at_most {
            return Err(wait);
        }
        ends.insert(integration.to_owned(), end + self.interval);
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);
    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn a_second_s_worth_goes_at_once_and_the_rest_is_spaced() {
        let limiter = Limiter::new(Rate::new(4.0).unwrap());
        let waits: Vec<_> = (0..7).map(|_| limiter.take("a", NOW, LONG).unwrap()).collect();
        let expected = [0, 0, 0, 0, 250, 500, 750].map(Duration::from_millis);
        assert_eq!(waits, expected);
        assert_eq!(limiter.take("b", NOW, LONG), Ok(Duration::ZERO), "another integration");
        let later = NOW + Duration::from_secs(10);
        assert_eq!(limiter.take("a", later, LONG), Ok(Duration::ZERO));
    }

    #[test]
    fn slower_than_one_a_second() {
        let limiter = Limiter::new(Rate::new(0.5).unwrap());
        assert_eq!(limiter.take("a", NOW, LONG), Ok(Duration::ZERO));
        assert_eq!(limiter.take("a", NOW, LONG), Ok(Duration::from_secs(2)));
        assert_eq!(limiter.take("a", NOW, Duration::from_secs(4)), Err(Duration::from_secs(4)));
        assert_eq!(limiter.take("a", NOW, LONG), Ok(Duration::from_secs(4)), "no place was taken");
    }
}
