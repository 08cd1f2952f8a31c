//! How long a page may wait for a byte, and how often for a connection.

use std::time::Duration;

use tokio::time::timeout;

use crate::contacts::import::source::SourceError;
use crate::ground::clock::Deadline;
use crate::ground::http::{HttpParts, Outage};
use crate::ground::retry::{Retries, RetryPolicy};

/// A server that sends nothing for so long has failed.
const SILENCE: Duration = Duration::from_secs(30);
const AGAIN: RetryPolicy = RetryPolicy {
    retries: 5,
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(5),
};

/// What is left of one page's time and attempts.
pub(super) struct Attempts<'a> {
    pub parts: &'a HttpParts,
    deadline: Deadline,
    retries: Retries,
}

impl<'a> Attempts<'a> {
    /// All of them.
    pub fn new(parts: &'a HttpParts, deadline: Deadline) -> Self {
        Self { parts, deadline, retries: AGAIN.start() }
    }

    /// What `work` gives, if that is in time.
    pub async fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, SourceError> {
        let time = self.parts.left(self.deadline).min(SILENCE);
        let in_time = if time.is_zero() { None } else { timeout(time, work).await.ok() };
        in_time.ok_or_else(|| SourceError::unavailable(Outage::TimedOut))
    }

    /// Waits before the next attempt; gives `error` back if there is none.
    pub async fn pause(&mut self, error: SourceError) -> Result<(), SourceError> {
        let left = self.parts.left(self.deadline);
        if !error.is_retryable() {
            return Err(error);
        }
        let pause = self.retries.next_pause(error.retry_after(), left, &self.parts.random);
        let Some(pause) = pause else { return Err(error) };
        self.parts.sleep.sleep(pause).await;
        Ok(())
    }
}
