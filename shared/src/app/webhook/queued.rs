//! Events that wait in the queue for the worker, while the platform gets its acknowledgement.

use http::{Response, StatusCode};
use tokio::time::timeout;

use super::Webhook;
use crate::app::answer::{AnswerBody, TIME_TO_ANSWER};
use crate::app::problem::{problem, retry_later};
use crate::chat::queue::QueueError;
use crate::chat::{Connector, Received};
use crate::ground::clock::Deadline;
use crate::ground::telemetry::Chain;

impl Webhook {
    /// Acknowledges the request once all of its events are in the queue. Otherwise the platform
    /// repeats it, and the queue takes what it has already as repeated.
    pub(super) async fn queue(
        &self,
        received: Received,
        channel: &str,
        connector: &dyn Connector,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let Received { events, acknowledgement, .. } = received;
        let time = deadline.remaining(self.clock.now()).saturating_sub(TIME_TO_ANSWER);
        let queued = match &self.queue {
            Some(queue) => timeout(time, queue.put(events, connector)).await,
            None => Ok(Err(QueueError::NoQueue)),
        };
        let queued = queued.unwrap_or(Err(QueueError::NoTime));
        let Err(error) = queued else { return acknowledgement.map(AnswerBody::from) };
        tracing::error!(channel, error = %Chain(&error), "events not queued");
        match error {
            QueueError::KeyTooLong => problem(StatusCode::BAD_REQUEST, &error.to_string()),
            QueueError::TooLarge { .. } => {
                problem(StatusCode::PAYLOAD_TOO_LARGE, &error.to_string())
            }
            _ => retry_later(1, &error.to_string()),
        }
    }
}
