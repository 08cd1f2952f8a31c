//! The worker function: lets the bot answer the events that wait in the queue, those of one
//! conversation in order, conversations side by side.

mod batch;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use serde::Deserialize as _;
use serde_json::Value;
use tokio::time::timeout;

use super::answer::TIME_TO_ANSWER;
use super::batch_response::BatchResponse;
use super::channel::Channel;
use crate::chat::Event;
use crate::chat::dispatcher::{DispatchError, Dispatcher, OnFailure};
use crate::chat::queue::EventQueue;
use crate::ground::clock::{Clock, Deadline};
use crate::ground::telemetry::Chain;
pub use batch::InvalidBatch;
use batch::{Record, groups};

/// The worker function without the Lambda around it.
pub struct Worker {
    pub(super) channels: BTreeMap<String, Channel>,
    pub(super) clock: Arc<dyn Clock>,
    dispatcher: Dispatcher,
    queue: Option<EventQueue>,
}

/// Why an event was not answered.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error("expected an event as the webhook function queues it")]
    NoEvent,
    #[error("expected the name of a configured channel")]
    NoChannel,
    #[error("answering it panicked")]
    Panicked,
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
}

impl Worker {
    /// A worker for the events of these channels. Those that it could not answer come again when
    /// the queue's visibility timeout is over, or sooner if it is given the queue.
    pub(super) fn new(
        channels: BTreeMap<String, Channel>,
        dispatcher: Dispatcher,
        queue: Option<EventQueue>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { channels, clock, dispatcher, queue }
    }

    /// Answers the events of a batch before `deadline`. After one that could not be answered the
    /// later ones of its conversation are left as well, or they would be answered before it.
    pub async fn handle(
        &self,
        batch: Value,
        deadline: Deadline,
    ) -> Result<BatchResponse, InvalidBatch> {
        let groups = groups(batch)?.into_iter().map(|records| self.answer_all(records, deadline));
        let left = join_all(groups).await.into_iter().flatten();
        Ok(left.map(|record| record.message_id).collect())
    }

    /// Those that are left.
    async fn answer_all(&self, records: Vec<Record>, deadline: Deadline) -> Vec<Record> {
        let mut records = records.into_iter();
        while let Some(record) = records.next() {
            // A panic must not hold up the batch's other conversations.
            let answered = AssertUnwindSafe(self.answer(&record, deadline)).catch_unwind().await;
            let Err(error) = answered.unwrap_or(Err(WorkError::Panicked)) else { continue };
            let retry_after = match &error {
                WorkError::Dispatch(error) => error.retry_after(),
                WorkError::NoEvent | WorkError::NoChannel | WorkError::Panicked => None,
            };
            let message = &record.message_id;
            tracing::error!(message, error = %Chain(&error), "an event waits for another try");
            let left: Vec<_> = std::iter::once(record).chain(records).collect();
            let time = deadline.remaining(self.clock.now()).saturating_sub(TIME_TO_ANSWER);
            if timeout(time, self.show_again(&left, retry_after)).await.is_err() {
                tracing::warn!("messages stay hidden: there was no time left");
            }
            return left;
        }
        Vec::new()
    }

    /// Has them come again all at the same time: SQS receives none of a group while an earlier one
    /// is hidden.
    async fn show_again(&self, left: &[Record], retry_after: Option<Duration>) {
        let (Some(queue), Some(first)) = (&self.queue, left.first()) else { return };
        let receptions = first.receptions();
        let receipts = left.iter().map(|record| &record.receipt_handle);
        join_all(receipts.map(|it| queue.show_again(it, receptions, retry_after))).await;
    }

    async fn answer(&self, record: &Record, deadline: Deadline) -> Result<(), WorkError> {
        let mut event = read(&record.body).map_err(|_| WorkError::NoEvent)?;
        let channel = self.channels.get(&event.channel).ok_or(WorkError::NoChannel)?;
        channel.connector.extend_event(&mut event);
        let on_failure = OnFailure::Retry;
        self.dispatcher.answer(event, &channel.connector, deadline, on_failure).await?;
        Ok(())
    }
}

/// An event as the webhook function has written it. What the platform sent is nested deeper in it
/// than it was when it was read, so the depth that was allowed there is no limit here.
fn read(body: &str) -> Result<Event, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(body);
    json.disable_recursion_limit();
    Event::deserialize(&mut json)
}
