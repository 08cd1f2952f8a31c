//! A message in a queue, and the handle of who received it.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use patchcord::ground::clock::Timestamp;
use serde_json::Value;

use super::QueueError;

/// Who is said to send. On AWS this is the id of an IAM user or role.
const SENDER: &str = "AIDALOCALLOCALLOCAL01";

/// What is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewMessage {
    /// The text.
    pub body: String,
    /// Instead of the queue's own delay.
    pub delay: Option<Duration>,
    /// Message attributes, as they were sent.
    pub attributes: BTreeMap<String, Value>,
    /// The group; a standard queue only passes it on.
    pub group: Option<String>,
    /// By which a FIFO queue knows it, if it comes again.
    pub deduplication_id: Option<String>,
}

impl NewMessage {
    /// A message that is nothing but a text.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// A text to a FIFO queue.
    pub fn in_group(
        body: impl Into<String>,
        group: impl Into<String>,
        deduplication_id: impl Into<String>,
    ) -> Self {
        let (group, deduplication_id) = (Some(group.into()), Some(deduplication_id.into()));
        Self { group, deduplication_id, ..Self::new(body) }
    }
}

/// What a sender is told of a message.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub id: String,
    /// Of a FIFO queue.
    pub sequence_number: Option<String>,
}

/// A message and what happened to it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub id: String,
    pub new: NewMessage,
    pub sent: Timestamp,
    pub first_received: Option<Timestamp>,
    /// The time of the latest.
    pub received: Timestamp,
    /// How often, in all queues it was in.
    pub receive_count: u32,
    /// Until then nobody receives it.
    pub hidden_until: Timestamp,
    /// The ARN of the queue it was moved from.
    pub moved_from: Option<String>,
    /// Of a FIFO queue.
    pub sequence_number: Option<String>,
}

/// A message as who received it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its id, for as long as it lives.
    pub id: String,
    /// With which it can be deleted, until somebody receives it again.
    pub receipt_handle: String,
    /// The text.
    pub body: String,
    /// Message attributes, as they were sent.
    pub attributes: BTreeMap<String, Value>,
    /// Its group, if one was named.
    pub group: Option<String>,
    /// By which a FIFO queue knows it, if it is sent again.
    pub deduplication_id: Option<String>,
    /// Of a FIFO queue: larger than those of all earlier messages.
    pub sequence_number: Option<String>,
    /// When it was sent.
    pub sent: Timestamp,
    /// When it was received for the first time.
    pub first_received: Timestamp,
    /// How often it was received so far.
    pub receive_count: u32,
    /// The ARN of the queue it was moved from, if this is a dead-letter queue.
    pub moved_from: Option<String>,
}

impl Received {
    /// The MD5 of the text, in hexadecimal.
    pub fn md5_of_body(&self) -> String {
        md5_hex(&self.body)
    }

    /// The attributes that SQS adds, by the names it gives them
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html>).
    pub fn system_attributes(&self) -> BTreeMap<&'static str, String> {
        let millis = |at: Timestamp| at.as_millis().to_string();
        let mut attributes = BTreeMap::from([
            ("ApproximateFirstReceiveTimestamp", millis(self.first_received)),
            ("ApproximateReceiveCount", self.receive_count.to_string()),
            ("SenderId", SENDER.to_owned()),
            ("SentTimestamp", millis(self.sent)),
        ]);
        let optional = [
            ("DeadLetterQueueSourceArn", &self.moved_from),
            ("MessageDeduplicationId", &self.deduplication_id),
            ("MessageGroupId", &self.group),
            ("SequenceNumber", &self.sequence_number),
        ];
        let there = optional.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        attributes.extend(there);
        attributes
    }
}

impl Stored {
    /// A message that nobody has received.
    pub const fn new(id: String, new: NewMessage, now: Timestamp, hidden_until: Timestamp) -> Self {
        Self {
            id,
            new,
            sent: now,
            first_received: None,
            received: now,
            receive_count: 0,
            hidden_until,
            moved_from: None,
            sequence_number: None,
        }
    }

    /// Whether somebody has received it and still has it.
    pub fn is_in_flight(&self, now: Timestamp) -> bool {
        self.receive_count > 0 && now < self.hidden_until
    }

    pub fn receive(&mut self, queue: &str, timeout: Duration, now: Timestamp) -> Received {
        let first_received = *self.first_received.get_or_insert(now);
        self.received = now;
        self.receive_count += 1;
        self.hidden_until = now + timeout;
        let handle =
            Handle { queue: queue.to_owned(), id: self.id.clone(), at: self.receive_count };
        Received {
            id: self.id.clone(),
            receipt_handle: handle.write(),
            body: self.new.body.clone(),
            attributes: self.new.attributes.clone(),
            group: self.new.group.clone(),
            deduplication_id: self.new.deduplication_id.clone(),
            sequence_number: self.sequence_number.clone(),
            sent: self.sent,
            first_received,
            receive_count: self.receive_count,
            moved_from: self.moved_from.clone(),
        }
    }
}

/// What a receipt handle says, which is nobody's business but the queue's.
pub(super) struct Handle {
    pub queue: String,
    pub id: String,
    /// The how many-th time the message was received.
    pub at: u32,
}

impl Handle {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{} {} {}", self.queue, self.id, self.at))
    }

    /// Reads a handle of this queue.
    pub fn read(handle: &str, queue: &str) -> Result<Self, QueueError> {
        let decoded = URL_SAFE_NO_PAD.decode(handle).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let read = text.and_then(|text| {
            let mut parts = text.split(' ');
            let (of, id) = (parts.next()?.to_owned(), parts.next()?.to_owned());
            Some(Self { queue: of, id, at: parts.next()?.parse().ok()? })
        });
        read.filter(|read| read.queue == queue).ok_or(QueueError::ReceiptHandleIsInvalid)
    }
}

/// The MD5 of a text, in hexadecimal.
pub(super) fn md5_hex(text: &str) -> String {
    format!("{:x}", md5::compute(text))
}
