//! A message, and what SQS limits of it.

use std::time::Duration;

use serde::Serialize;

/// The longest body, and the longest bodies of a batch together, in bytes
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html>).
pub const MAX_BYTES: usize = 1024 * 1024;
/// The longest delay
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>).
pub const MAX_DELAY: Duration = Duration::from_mins(15);

/// A message to send.
///
/// SQS takes texts of at least one character, and refuses control characters, which JSON has only
/// in escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Message<'a> {
    #[serde(rename = "MessageBody")]
    body: &'a str,
    /// Always sent: without it the queue's own delay would apply.
    #[serde(rename = "DelaySeconds")]
    delay: u64,
}

impl<'a> Message<'a> {
    /// A message that is received as soon as possible.
    pub const fn new(body: &'a str) -> Self {
        Self { body, delay: 0 }
    }

    /// It is not received before `delay` is over: counted in whole seconds, rounded up, and
    /// [`MAX_DELAY`] at most.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        let delay = delay.min(MAX_DELAY);
        self.delay = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
        self
    }

    /// Its size as SQS counts it, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.body.len()
    }
}
