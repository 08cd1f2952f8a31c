//! SQS on one's own machine: standard and FIFO queues in memory behind SQS's HTTP API, and what on
//! AWS is Lambda's own part, the mapping that takes messages off a queue and invokes a function with
//! them.
//!
//! - [`Sqs`] is the server, [`Queues`] the same without HTTP.
//! - [`EventSourceMapping`] invokes a function, which is anything that can [`Invoke`].
//!
//! Unlike AWS's, standard queues here hand messages out in the order in which they came, each once
//! per visibility timeout; what is received too often is moved in the moment it would be received
//! again; and no number of messages in flight is too large.

mod attributes;
mod check;
mod error;
mod fifo;
mod mapping;
mod message;
mod queues;
mod server;
mod state;
mod wire;

pub use attributes::{QueueAttributes, Redrive};
pub use error::QueueError;
pub use fifo::FifoAttributes;
pub use mapping::{EventSourceMapping, Invoke, InvokeError, MappingOptions, WatchedFunction};
pub use message::{NewMessage, Received};
pub use queues::{Queues, Receive};
pub use server::{Sqs, SqsOptions, SqsStartError};
pub use state::Counts;
