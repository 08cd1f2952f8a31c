//! Waiting for what others do.

use std::panic::Location;
use std::time::Duration;

use tokio::time::{sleep, timeout};

const POLL: Duration = Duration::from_millis(2);
/// Only a test that fails waits that long.
const PATIENCE: Duration = Duration::from_mins(2);

/// Waits until something is so.
///
/// # Panics
/// If it never is: with the place that waits.
#[track_caller]
pub fn until(is_so: impl Fn() -> bool) -> impl Future<Output = ()> {
    in_time(async move {
        while !is_so() {
            sleep(POLL).await;
        }
    })
}

/// What others come to.
///
/// # Panics
/// If they never do: with the place that waits.
#[track_caller]
pub fn in_time<T>(wait: impl Future<Output = T>) -> impl Future<Output = T> {
    within(PATIENCE, wait)
}

/// The same where it may take longer, or must not take as long.
///
/// # Panics
/// If they never do: with the place that waits.
#[track_caller]
pub fn within<T>(patience: Duration, wait: impl Future<Output = T>) -> impl Future<Output = T> {
    let place = Location::caller();
    // What is waited for may be large, and is part of each future above it.
    let wait = Box::pin(wait);
    async move {
        let waited = timeout(patience, wait).await;
        waited.unwrap_or_else(|_| panic!("what {place} waits for has not happened"))
    }
}
