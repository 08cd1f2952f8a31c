//! One queue: which messages it has, and who may have them when. Nothing here waits or looks at a
//! clock.
//!
//! Messages are kept by the order in which they came. In a FIFO queue, their groups decide which of
//! them are passed over ([`super::fifo`]).

use std::collections::BTreeMap;
use std::time::Duration;

use patchcord::ground::clock::Timestamp;

use super::QueueError;
use super::attributes::{QueueAttributes, Redrive};
use super::fifo::{Deduplication, content_id, turns};
use super::message::{Handle, NewMessage, Received, Sent, Stored};

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
    deduplication: Deduplication,
    purged: Option<Timestamp>,
}

impl State {
    pub fn new(name: String, arn: String, attributes: QueueAttributes, created: Timestamp) -> Self {
        Self {
            name,
            arn,
            attributes,
            created,
            messages: BTreeMap::new(),
            latest: 0,
            deduplication: Deduplication::default(),
            purged: None,
        }
    }

    /// Takes a message that has been checked, with this id. If it is one that was taken before, this
    /// is all that happens.
    pub fn send(&mut self, id: String, mut new: NewMessage, now: Timestamp) -> Sent {
        let Some(fifo) = self.attributes.fifo else {
            let hidden_until = now + new.delay.unwrap_or(self.attributes.delay);
            self.put(Stored::new(id.clone(), new, now, hidden_until));
            return Sent { id, sequence_number: None };
        };
        let own = new.deduplication_id.get_or_insert_with(|| content_id(&new.body)).clone();
        let group = new.group.clone().filter(|_| fifo.deduplication_per_group);
        if let Some(sent) = self.deduplication.find(group.as_deref(), &own, now) {
            return sent;
        }
        let sequence_number = Some(format!("{:020}", self.latest + 1));
        let sent = Sent { id: id.clone(), sequence_number: sequence_number.clone() };
        self.deduplication.remember(group.as_deref(), &own, sent.clone(), now);
        let message = Stored::new(id, new, now, now + self.attributes.delay);
        self.put(Stored { sequence_number, ..message });
        sent
    }

    /// A message that another queue has given up.
    ///
    /// A FIFO queue keeps it from now on, a standard queue since it was sent
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html>).
    pub fn take_over(&mut self, mut message: Stored, now: Timestamp) {
        if self.attributes.fifo.is_some() {
            message.sent = now;
        }
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
        for number in self.available(now) {
            if received.len() == max {
                break;
            }
            let Some(message) = self.messages.get_mut(&number) else { continue };
            if limit.is_some_and(|limit| message.receive_count >= limit) {
                given_up.push(number);
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

    /// What can be received, in the order in which it is.
    fn available(&self, now: Timestamp) -> Vec<u64> {
        if self.attributes.fifo.is_some() {
            return turns(&self.messages, now);
        }
        let visible = self.messages.iter().filter(|(_, message)| now >= message.hidden_until);
        visible.map(|(number, _)| *number).collect()
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

    /// When the next message shows that is hidden now.
    pub fn next_visible(&self, now: Timestamp) -> Option<Timestamp> {
        let hidden = self.messages.values().map(|message| message.hidden_until);
        hidden.filter(|until| now < *until).min()
    }

    pub fn redrive(&self) -> Option<&Redrive> {
        self.attributes.redrive.as_ref()
    }

    fn forget_the_old(&mut self, now: Timestamp) {
        let retention = self.attributes.retention;
        self.messages.retain(|_, message| now < message.sent + retention);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who waits would look again and again, at what is visible and cannot be received.
    #[test]
    fn the_next_that_shows_is_one_that_is_hidden() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let attributes = QueueAttributes::fifo();
        let timeout = attributes.visibility_timeout;
        let name = "worker.fifo".to_owned();
        let mut state = State::new(name.clone(), name, attributes, now);
        assert_eq!(state.next_visible(now), None);
        for id in ["a1", "a2"] {
            state.send(id.to_owned(), NewMessage::in_group(id, "a", id), now);
        }
        assert_eq!(state.receive(1, None, now).0.len(), 1);
        assert_eq!(state.next_visible(now), Some(now + timeout));
        assert_eq!(state.next_visible(now + timeout), None);
    }
}
