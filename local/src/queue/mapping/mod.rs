//! Lambda's event source mapping for SQS: what takes messages off a queue, invokes a function with
//! them, and deletes those that the function did not fail on
//! (<https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>).

mod answer;
mod event;
mod invoke;
mod poll;

pub use invoke::{Invoke, InvokeError, WatchedFunction};
pub use poll::{EventSourceMapping, MappingOptions};
