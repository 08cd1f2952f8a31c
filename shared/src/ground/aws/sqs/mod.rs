//! SQS, for who sends: messages to one queue, alone or by the batch, or in order to a FIFO queue.
//! Lambda itself receives them.
//!
//! API: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html>,
//! in the JSON protocol of
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html>.

mod batches;
mod error;
mod fifo;
mod message;
mod queue;

pub use error::{InvalidQueue, Refused, SendMessagesError};
pub use fifo::{FifoMessage, FifoQueue, json};
pub use message::{MAX_BYTES, MAX_DELAY, Message};
pub use queue::Queue;
