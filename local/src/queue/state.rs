//! One queue: which messages it has, and who may have them when. Nothing here waits or looks at a
//! clock.
//!
//! Messages are kept by the order in which they came. That order is all that a FIFO queue would add
//! to: its groups decide in [`State::receive`] which of them are passed over.

use std::collections::BTreeMap;
use std::time::Duration;

use patchcord::ground::clock::Timestamp;

use super::QueueError;
use super::attributes::{QueueAttributes, Redrive};
use super::message::{Handle, NewMessage, Received, Stored};

/// From the moment it was received, no message can be hidden for longer.
const MAX_HIDDEN: Duration = Duration::from_hours(12);
/// Between two purges.
const PURGE_INTERVAL: Duration = Duration::from_mins(1);

/// How many messages a queue has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that can be received.
    pub visible: usize,
    /// Those that somebody has received and neither deleted nor let go of.
    pub in_flight: usize,
    /// Those that were sent with a delay that is not over.
    pub delayed: usize,
}

/// A queue.
#[derive(Debug)]
pub(super) struct State {
    pub name: String,
    arn: String,
    pub attributes: QueueAttributes,
    pub created: Timestamp,
    messages: BTreeMap<u64, Stored>,
    latest: u64,
    purged: Option<Timestamp>,
}

impl State {
    pub fn new(name: String, arn: String, attributes: QueueAttributes, created: Timestamp) -> Self {
        let messages = BTreeMap::new();
        Self { name, arn, attributes, created, messages, latest: 0, purged: None }
    }

    pub fn send(&mut self, id: String, new: NewMessage, now: Timestamp) {
        let hidden_until = now + new.delay.unwrap_or(self.attributes.delay);
        self.put(Stored {
            id,
            new,
            sent: now,
            first_received: None,
            received: now,
            receive_count: 0,
            hidden_until,
            moved_from: None,
        });
    }

    /// A message that another queue has given up.
    pub fn take_over(&mut self, message: Stored) {
        self.put(message);
    }

    fn put(&mut self, message: Stored) {
        self.latest += 1;
        self.messages.insert(self.latest, message);
    }

    /// Hands out messages, `max` at most. Those that were handed out too often are taken out
    /// instead, for the dead-letter queue.
    pub fn receive(
        &mut self,
        max: usize,
        timeout: Option<Duration>,
        now: Timestamp,
    ) -> (Vec<Received>, Vec<Stored>) {
        self.forget_the_old(now);
        let timeout = timeout.unwrap_or(self.attributes.visibility_timeout);
        let limit = self.attributes.redrive.as_ref().map(|redrive| redrive.max_receive_count);
        let (mut received, mut given_up) = (Vec::new(), Vec::new());
        for (number, message) in &mut self.messages {
            if received.len() == max {
                break;
            }
            if now < message.hidden_until {
                continue;
            }
            if limit.is_some_and(|limit| message.receive_count >= limit) {
                given_up.push(*number);
            } else {
                received.push(message.receive(&self.name, timeout, now));
            }
        }
        let given_up = given_up.into_iter().filter_map(|number| self.messages.remove(&number));
        let moved = given_up.map(|message| Stored {
            hidden_until: now,
            moved_from: Some(self.arn.clone()),
            ..message
        });
        (received, moved.collect())
    }

    /// Deletes the message of a handle. With a handle from before it was last received, nothing
    /// happens, as AWS has it
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html>).
    pub fn delete(&mut self, handle: &str) -> Result<(), QueueError> {
        let handle = Handle::read(handle, &self.name)?;
        if let Some(number) = self.find(&handle) {
            self.messages.remove(&number);
        }
        Ok(())
    }

    /// Hides the message of a handle from now on for `timeout`.
    pub fn change_visibility(
        &mut self,
        handle: &str,
        timeout: Duration,
        now: Timestamp,
    ) -> Result<(), QueueError> {
        let handle = Handle::read(handle, &self.name)?;
        let number = self.find(&handle).ok_or(QueueError::MessageNotInflight)?;
        let message = self.messages.get_mut(&number).filter(|message| message.is_in_flight(now));
        let message = message.ok_or(QueueError::MessageNotInflight)?;
        if now + timeout > message.received + MAX_HIDDEN {
            let expected = "43200 seconds in all at most".to_owned();
            return Err(QueueError::InvalidParameterValue { name: "VisibilityTimeout", expected });
        }
        message.hidden_until = now + timeout;
        Ok(())
    }

    /// The message that was received with this handle, and not again since.
    fn find(&self, handle: &Handle) -> Option<u64> {
        let is_it =
            |message: &Stored| message.id == handle.id && message.receive_count == handle.at;
        self.messages.iter().find(|(_, message)| is_it(message)).map(|(number, _)| *number)
    }

    pub fn purge(&mut self, now: Timestamp) -> Result<(), QueueError> {
        if self.purged.is_some_and(|purged| now < purged + PURGE_INTERVAL) {
            return Err(QueueError::PurgeQueueInProgress);
        }
        self.purged = Some(now);
        self.messages.clear();
        Ok(())
    }

    pub fn counts(&mut self, now: Timestamp) -> Counts {
        self.forget_the_old(now);
        let mut counts = Counts::default();
        for message in self.messages.values() {
            if now >= message.hidden_until {
                counts.visible += 1;
            } else if message.is_in_flight(now) {
                counts.in_flight += 1;
            } else {
                counts.delayed += 1;
            }
        }
        counts
    }

    /// When the next message can be received that cannot be now.
    pub fn next_visible(&self) -> Option<Timestamp> {
        self.messages.values().map(|message| message.hidden_until).min()
    }

    pub fn redrive(&self) -> Option<&Redrive> {
        self.attributes.redrive.as_ref()
    }

    fn forget_the_old(&mut self, now: Timestamp) {
        let retention = self.attributes.retention;
        self.messages.retain(|_, message| now < message.sent + retention);
    }
}
