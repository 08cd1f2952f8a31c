//! What FIFO queues have besides: order in groups, and messages that are not taken twice
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html>).

mod attributes;
mod deduplication;
mod turns;

pub use attributes::FifoAttributes;
pub(super) use attributes::{NAMES, SUFFIX};
pub(super) use deduplication::{Deduplication, content_id};
pub(super) use turns::turns;
