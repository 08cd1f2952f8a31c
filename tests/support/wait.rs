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
    let place = Location::caller();
    async move {
        let wait = async {
            while !is_so() {
                sleep(POLL).await;
            }
        };
        let waited = timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "what {place} waits for has not happened");
    }
}
