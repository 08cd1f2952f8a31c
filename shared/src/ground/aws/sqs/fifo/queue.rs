//! The client of one FIFO queue.

use std::time::Duration;

use super::message::{FifoMessage, check};
use super::turns::next_call;
use crate::ground::aws::error::CallError;
use crate::ground::aws::sqs::error::{InvalidQueue, SendMessagesError};
use crate::ground::aws::sqs::queue::Queue;

/// A FIFO queue to send to; clones share everything.
///
/// A `SendMessageBatch` succeeds and fails message by message, and nothing is promised about the
/// order of those that are accepted around one that is not
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html>).
/// A message that was overtaken once stays so, however often it is sent again. So no call has two
/// messages of a group: the second is sent when the first is in the queue.
#[derive(Clone)]
pub struct FifoQueue(Queue);

impl FifoQueue {
    /// The queue, if its name is one of a FIFO queue.
    pub fn new(queue: Queue) -> Result<Self, InvalidQueue> {
        // AWS does not know `.FIFO`.
        match queue.url().strip_suffix(".fifo") {
            Some(_) => Ok(Self(queue)),
            None => Err(InvalidQueue::NotFifo { url: queue.url().to_owned() }),
        }
    }

    /// Shows a message that was received again; see [`Queue::show_again`]. The later ones of its
    /// group are not received before it is.
    pub async fn show_again(&self, receipt_handle: &str, pause: Duration) -> Result<(), CallError> {
        self.0.show_again(receipt_handle, pause).await
    }

    /// Sends messages, however many, each group in this order.
    ///
    /// Only `Ok` means that all of them are in the queue. After an error some may be, but of no
    /// group a later one without the earlier ones. Whoever sends all of them again, in the same
    /// order and with the same ids, within 5 minutes of the first time, completes what is there:
    /// nothing comes twice. After that time, what was taken before comes again, which the receiver
    /// has to notice.
    ///
    /// A call has ten messages at most, one of each group. It is repeated for what SQS did not
    /// accept for reasons of its own, three times in all, before the next one is made. What SQS
    /// would never take is refused before the first call.
    pub async fn send_all(&self, messages: &[FifoMessage<'_>]) -> Result<(), SendMessagesError> {
        check(messages)?;
        let mut left: Vec<usize> = (0..messages.len()).collect();
        while let Some(from) = left.first().copied() {
            let call = next_call(messages, &left);
            left.retain(|position| !call.contains(position));
            let refused = self.0.send_batch(messages, call).await;
            let refused = refused.map_err(|source| SendMessagesError::Call { from, source })?;
            if !refused.is_empty() {
                let refused = refused.into_values().collect();
                return Err(SendMessagesError::Refused { refused, of: messages.len() });
            }
        }
        Ok(())
    }
}
