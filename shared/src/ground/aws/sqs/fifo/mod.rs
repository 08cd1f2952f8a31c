//! FIFO queues: the messages of a group are received in the order in which they were sent, one
//! after the other
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html>).

mod message;
mod queue;
mod turns;

pub use message::{FifoMessage, json};
pub use queue::FifoQueue;
