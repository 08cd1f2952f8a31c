//! How the time that an invocation has is shared out between the store, the bot and the answer.

use std::time::Duration;

use tokio::time::timeout;

use super::Dispatcher;
use crate::chat::sessions::StoreError;
use crate::ground::clock::Deadline;

/// Kept back from calls of the store, so that the answer is sent in time.
const ANSWER_RESERVE: Duration = Duration::from_millis(50);

impl Dispatcher {
    /// What is left, but for the moment that an answer takes to be sent.
    pub(super) fn time_for_store(&self, deadline: Deadline) -> Duration {
        deadline.remaining(self.clock.now()).saturating_sub(ANSWER_RESERVE)
    }
}

/// A call of the store that ends before the function does.
pub(super) async fn within<T>(
    remaining: Duration,
    call: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(remaining, call)
        .await
        .unwrap_or_else(|elapsed| Err(StoreError::Unavailable(elapsed.into())))
}

/// What a bot has of the time that remains: a tenth, of 0.1 to 2 s, is kept back for saving the
/// session and sending the response.
pub(super) fn time_for_bot(remaining: Duration) -> Duration {
    let reserve = (remaining / 10).clamp(Duration::from_millis(100), Duration::from_secs(2));
    remaining.saturating_sub(reserve)
}
