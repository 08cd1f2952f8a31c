//! Randomness as a parameter: lease tokens and backoff jitter, seeded in tests.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A source of random values. Not for keys or passwords.
#[derive(Debug)]
pub struct Random(Mutex<fastrand::Rng>);

impl Random {
    /// Seeded by the operating system, with 64 bits: instances that start at the same moment differ.
    pub fn from_entropy() -> Self {
        // The keys of a `RandomState` are the system's. fastrand's own seed is made of the time.
        Self::seeded(RandomState::new().hash_one(()))
    }

    /// The same values on every run.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }

    /// A token of 128 bits in hexadecimal.
    pub fn token(&self) -> String {
        format!("{:032x}", self.with(|rng| rng.u128(..)))
    }

    /// A duration between half of `duration` and all of it, so that waiters do not move in step
    /// (“equal jitter”, <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).
    pub fn jitter(&self, duration: Duration) -> Duration {
        let half = duration / 2;
        half + half.mul_f64(self.with(fastrand::Rng::f64))
    }

    fn with<T>(&self, draw: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_between_half_and_all() {
        let random = Random::seeded(7);
        let (low, high) = (Duration::from_millis(50), Duration::from_millis(100));
        for _ in 0..1_000 {
            let drawn = random.jitter(high);
            assert!((low..=high).contains(&drawn), "{drawn:?}");
        }
    }

    #[test]
    fn tokens_differ_and_seeds_repeat_them() {
        let random = Random::seeded(7);
        let first = random.token();
        assert_ne!(first, random.token());
        assert_eq!(first, Random::seeded(7).token());
        assert_eq!(first.len(), 32);
    }
}
