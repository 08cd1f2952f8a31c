//! What SQS takes
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html>).

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use super::QueueError;
use super::message::NewMessage;

/// Entries of a batch, and messages of a call.
pub(super) const MAX_ENTRIES: usize = 10;
/// Letters of a queue's name and of a batch entry's id.
const MAX_NAME: usize = 80;
const FIFO: &str = ".fifo";

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=MAX_NAME).contains(&name.len()) && name.chars().all(is_plain)
}

pub(super) fn queue_name(name: &str) -> Result<(), QueueError> {
    if name.ends_with(FIFO) {
        return Err(QueueError::UnsupportedOperation("a FIFO queue".to_owned()));
    }
    if is_name(name) {
        return Ok(());
    }
    let expected = "1 to 80 letters, digits, hyphens and underscores".to_owned();
    Err(QueueError::InvalidParameterValue { name: "QueueName", expected })
}

pub(super) fn message(message: &NewMessage, max_bytes: usize) -> Result<(), QueueError> {
    if message.body.is_empty() {
        return Err(QueueError::MissingParameter("MessageBody"));
    }
    if bytes(message) > max_bytes {
        let expected = format!("a message shorter than {max_bytes} bytes");
        return Err(QueueError::InvalidParameterValue { name: "MessageBody", expected });
    }
    if message.body.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(QueueError::InvalidMessageContents)
    }
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
