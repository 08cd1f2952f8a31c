//! The messages by which a part is handed on: through a queue, or where there is none, to whoever
//! asks for the next one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::job::JobId;
use crate::ground::aws::sqs::{Message, Queue, SendMessagesError};
use crate::ground::clock::Timestamp;

/// Somebody should work on a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// Of which job.
    pub import: JobId,
    /// Which part.
    pub part: u32,
    /// How often the part was handed over before.
    pub slice: u32,
}

/// A slice, and when it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What is to be done.
    pub slice: Slice,
    /// Not before this.
    pub at: Timestamp,
}

/// Where the messages go.
#[derive(Clone)]
pub enum Slices {
    /// A queue, which invokes the function.
    Queue(Queue),
    /// This process.
    Here(Arc<Mutex<VecDeque<Due>>>),
}

impl Slices {
    /// Messages to this process.
    pub fn here() -> Self {
        Self::Here(Arc::default())
    }

    /// Whether parts can be worked on by several functions.
    pub const fn is_queue(&self) -> bool {
        matches!(self, Self::Queue(_))
    }

    /// Sends messages, to be received `delay` from now, or a little later.
    pub(super) async fn send(
        &self,
        slices: &[Slice],
        delay: Duration,
        now: Timestamp,
    ) -> Result<(), SendMessagesError> {
        match self {
            Self::Here(due) => {
                let mut due = due.lock().unwrap_or_else(PoisonError::into_inner);
                due.extend(
                    slices.iter().map(|slice| Due { slice: slice.clone(), at: now + delay }),
                );
                Ok(())
            }
            Self::Queue(queue) => {
                let body = |slice: &Slice| serde_json::to_string(slice).unwrap_or_default();
                let bodies: Vec<_> = slices.iter().map(body).collect();
                let messages: Vec<_> =
                    bodies.iter().map(|body| Message::new(body).delayed(delay)).collect();
                queue.send_all(&messages).await
            }
        }
    }

    /// The next message to this process.
    pub fn next(&self) -> Option<Due> {
        match self {
            Self::Queue(_) => None,
            Self::Here(due) => due.lock().unwrap_or_else(PoisonError::into_inner).pop_front(),
        }
    }
}
