//! The queue that events wait in for the worker: SQS FIFO, so that those of one conversation are
//! received in order and one batch at a time, while others go on
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html>).

use std::time::Duration;

use ring::digest::{SHA256, digest};

use super::connector::Connector;
use super::event::Event;
use super::sessions::SessionKey;
use crate::ground::aws::sqs::{FifoMessage, FifoQueue, MAX_BYTES, SendMessagesError, json};
use crate::ground::hex::hex;
use crate::ground::random::Random;
use crate::ground::telemetry::Chain;

/// Until an event comes again whose bot has failed: 5 s, 20 s, 80 s, then 5 minutes each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// How many times as long as the one before a pause is.
const GROWTH: u32 = 4;
/// A bot that is being deployed is soon back, and one that stays away is not asked in vain.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// The longest pause. SQS hides a message for 12 hours, but counts from when it was received, and
/// refuses what goes beyond
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html>):
/// a quarter of an hour is the longest that a function may have had it.
const LONGEST: Duration = Duration::from_mins(12 * 60 - 15);

fn pause_after(receptions: u32) -> Duration {
    let growth = GROWTH.saturating_pow(receptions.saturating_sub(1));
    FIRST_PAUSE.saturating_mul(growth).min(LONGEST_PAUSE)
}

/// Events on their way to the worker.
pub struct EventQueue {
    queue: FifoQueue,
    random: Random,
}

/// Events were not queued, or not all of them. Those that were are recognised when they come again,
/// by the platform's id.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError {
    /// The function has no queue.
    #[error("expected a queue")]
    NoQueue,
    /// The queue took longer than there was time. What it has taken is not known.
    #[error("the queue has not answered in time")]
    NoTime,
    /// The connector's key for the session is too long to be stored.
    #[error("expected a conversation id of {} bytes at most", SessionKey::MAX_BYTES)]
    KeyTooLong,
    /// An event is larger than a message may be. None was queued.
    #[error("expected events of {MAX_BYTES} bytes at most, got {bytes}")]
    TooLarge {
        /// Its size as it would be queued.
        bytes: usize,
    },
    /// An event is no JSON, which its own types rule out.
    #[error("an event cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The queue has not taken them.
    #[error("the queue has not taken the events")]
    Send(#[source] SendMessagesError),
}

impl EventQueue {
    /// A queue to put events into; ids of those that have none come from `random`.
    pub const fn new(queue: FifoQueue, random: Random) -> Self {
        Self { queue, random }
    }

    /// Puts all events into the queue, in order: those of one conversation are one group. The
    /// queue takes an event once within five minutes, known by the platform's id, and the session
    /// knows it after that; an event without an id gets one here.
    pub async fn put(
        &self,
        events: Vec<Event>,
        connector: &dyn Connector,
    ) -> Result<(), QueueError> {
        let waiting = events.into_iter().map(|event| self.waiting(event, connector));
        let waiting = waiting.collect::<Result<Vec<_>, _>>()?;
        let messages: Vec<_> = waiting.iter().map(Waiting::message).collect();
        self.queue.send_all(&messages).await.map_err(|error| match error {
            SendMessagesError::TooLarge { bytes, .. } => QueueError::TooLarge { bytes },
            error => QueueError::Send(error),
        })
    }

    /// Has a message that was received come again, after a pause that is longer each time, or as
    /// long as somebody wants it to be. If that fails it comes when the queue's visibility timeout
    /// is over.
    pub async fn show_again(
        &self,
        receipt_handle: &str,
        receptions: u32,
        at_least: Option<Duration>,
    ) {
        let pause = pause_after(receptions).max(at_least.unwrap_or_default()).min(LONGEST);
        let shown = self.queue.show_again(receipt_handle, pause).await;
        if let Err(error) = shown {
            tracing::warn!(error = %Chain(&error), "a message stays hidden");
        }
    }

    fn waiting(&self, mut event: Event, connector: &dyn Connector) -> Result<Waiting, QueueError> {
        let group = match connector.session_key(&event) {
            Some(key) => {
                let key = SessionKey::new(&event.channel, &key).ok_or(QueueError::KeyTooLong)?;
                hash(key.as_str())
            }
            None => match &event.id {
                Some(id) => hash(&format!("{}\n{id}", event.channel)),
                None => self.random.token(),
            },
        };
        let id = event.id.get_or_insert_with(|| self.random.token());
        let deduplication_id = hash(&format!("{group}\n{id}"));
        Ok(Waiting { body: json(&event)?, group, deduplication_id })
    }
}

/// An event as it waits.
struct Waiting {
    body: String,
    group: String,
    deduplication_id: String,
}

impl Waiting {
    fn message(&self) -> FifoMessage<'_> {
        let Self { body, group, deduplication_id } = self;
        FifoMessage { body, group, deduplication_id }
    }
}

/// Groups and ids have 128 characters at most, letters, digits and punctuation.
fn hash(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow() {
        let seconds = [(0, 5), (1, 5), (2, 20), (3, 80), (4, 300), (5, 300), (u32::MAX, 300)];
        for (receptions, expected) in seconds {
            assert_eq!(pause_after(receptions), Duration::from_secs(expected), "{receptions}");
        }
    }
}
