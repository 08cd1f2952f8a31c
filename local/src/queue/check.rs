//! What SQS takes
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html>).

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use super::fifo::SUFFIX;
use super::message::NewMessage;
use super::{FifoAttributes, QueueAttributes, QueueError};

/// Entries of a batch, and messages of a call.
pub(super) const MAX_ENTRIES: usize = 10;
const GROUP: &str = "MessageGroupId";
const DEDUPLICATION_ID: &str = "MessageDeduplicationId";
/// Letters of a queue's name and of a batch entry's id.
const MAX_NAME: usize = 80;
/// Characters of the ids of groups and messages.
const MAX_ID: usize = 128;

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=MAX_NAME).contains(&name.len()) && name.chars().all(is_plain)
}

/// The suffix of a FIFO queue counts
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html>).
pub(super) fn queue_name(name: &str, is_fifo: bool) -> Result<(), QueueError> {
    let plain = if is_fifo { name.strip_suffix(SUFFIX) } else { Some(name) };
    if plain.is_some_and(is_name) && name.len() <= MAX_NAME {
        return Ok(());
    }
    let suffix = if is_fifo { ", and .fifo at the end" } else { "" };
    let expected = format!("1 to 80 letters, digits, hyphens and underscores{suffix}");
    Err(QueueError::InvalidParameterValue { name: "QueueName", expected })
}

/// Whether `dead`, if it is there, can be the dead-letter queue of a queue
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html>).
pub(super) fn redrive(
    queue: &QueueAttributes,
    dead: Option<&QueueAttributes>,
) -> Result<(), QueueError> {
    let expected = match dead {
        None => "a deadLetterTargetArn of a queue that exists",
        Some(dead) if dead.fifo.is_some() != queue.fifo.is_some() => {
            "a dead-letter queue of the same type as the queue"
        }
        Some(_) => return Ok(()),
    };
    let (name, expected) = ("RedrivePolicy", expected.to_owned());
    Err(QueueError::InvalidParameterValue { name, expected })
}

/// Whether a queue takes a message
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>).
pub(super) fn message(message: &NewMessage, queue: &QueueAttributes) -> Result<(), QueueError> {
    let max_bytes = queue.max_message_bytes;
    if message.body.is_empty() {
        return Err(QueueError::MissingParameter("MessageBody"));
    }
    if bytes(message) > max_bytes {
        let expected = format!("a message shorter than {max_bytes} bytes");
        return Err(QueueError::InvalidParameterValue { name: "MessageBody", expected });
    }
    if !message.body.chars().all(is_allowed) {
        return Err(QueueError::InvalidMessageContents);
    }
    id(GROUP, message.group.as_deref())?;
    id(DEDUPLICATION_ID, message.deduplication_id.as_deref())?;
    match &queue.fifo {
        Some(fifo) => in_group(message, *fifo),
        None if message.deduplication_id.is_some() => {
            let expected = "none, which is for FIFO queues".to_owned();
            Err(QueueError::InvalidParameterValue { name: DEDUPLICATION_ID, expected })
        }
        None => Ok(()),
    }
}

fn in_group(message: &NewMessage, fifo: FifoAttributes) -> Result<(), QueueError> {
    if message.group.is_none() {
        return Err(QueueError::MissingParameter(GROUP));
    }
    if message.deduplication_id.is_none() && !fifo.content_based_deduplication {
        let expected = "one, or a queue with ContentBasedDeduplication".to_owned();
        return Err(QueueError::InvalidParameterValue { name: DEDUPLICATION_ID, expected });
    }
    // AWS takes a delay of 0, which is none (<https://github.com/softwaremill/elasticmq/issues/273>).
    if message.delay.is_some_and(|delay| !delay.is_zero()) {
        let expected = "none: a FIFO queue delays all messages alike".to_owned();
        return Err(QueueError::InvalidParameterValue { name: "DelaySeconds", expected });
    }
    Ok(())
}

fn id(name: &'static str, id: Option<&str>) -> Result<(), QueueError> {
    let is_id = |id: &str| {
        (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if id.is_none_or(is_id) {
        return Ok(());
    }
    let expected = "1 to 128 letters, digits and punctuation marks of ASCII".to_owned();
    Err(QueueError::InvalidParameterValue { name, expected })
}

/// The size that is limited: attributes count, with their names and types.
pub(super) fn bytes(message: &NewMessage) -> usize {
    let texts = |value: &Value| {
        let parts = value.as_object().into_iter().flat_map(|parts| parts.values());
        parts.filter_map(Value::as_str).map(str::len).sum::<usize>()
    };
    let attributes = message.attributes.iter().map(|(name, value)| name.len() + texts(value));
    message.body.len() + attributes.sum::<usize>()
}

/// `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// The ids of a batch.
pub(super) fn entries<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> Result<(), QueueError> {
    match ids.len() {
        0 => return Err(QueueError::EmptyBatchRequest),
        1..=MAX_ENTRIES => {}
        count => return Err(QueueError::TooManyEntriesInBatchRequest(count)),
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        if !is_name(id) {
            return Err(QueueError::InvalidBatchEntryId);
        }
        if !seen.insert(id) {
            return Err(QueueError::BatchEntryIdsNotDistinct(id.to_owned()));
        }
    }
    Ok(())
}

pub(super) fn seconds(
    name: &'static str,
    value: i64,
    range: RangeInclusive<i64>,
) -> Result<Duration, QueueError> {
    if !range.contains(&value) {
        let expected = format!("{} to {}", range.start(), range.end());
        return Err(QueueError::InvalidParameterValue { name, expected });
    }
    Ok(Duration::from_secs(value.unsigned_abs()))
}
