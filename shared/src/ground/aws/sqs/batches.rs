//! Cuts messages into calls: ten to a call, and no more bytes than one may have.

use std::ops::Range;

use super::message::{MAX_BYTES, Message};

/// Messages of one `SendMessageBatch`, at most
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html>).
pub(super) const MAX_MESSAGES: usize = 10;

/// The positions of each call's messages, in order.
pub(super) fn batches(messages: &[Message<'_>]) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (position, message) in messages.iter().enumerate() {
        bytes += message.bytes();
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_MESSAGES && bytes <= MAX_BYTES => batch.end += 1,
            _ => {
                bytes = message.bytes();
                batches.push(position..position + 1);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_has_more_messages_or_bytes_than_it_may() {
        let (half, long) = ("a".repeat(MAX_BYTES / 2), "a".repeat(MAX_BYTES));
        let (half, long) = (half.as_str(), long.as_str());
        for (name, bodies, expected) in [
            ("nothing", vec![], vec![]),
            ("one call", vec!["a"; 10], vec![10]),
            ("eleven messages", vec!["a"; 11], vec![10, 1]),
            ("two halves", vec![half, half], vec![2]),
            ("a byte more", vec![half, half, "a"], vec![2, 1]),
            ("long ones", vec!["a", long, "a", "a"], vec![1, 1, 2]),
        ] {
            let messages: Vec<_> = bodies.into_iter().map(Message::new).collect();
            let cut = batches(&messages);
            let sizes: Vec<_> = cut.iter().map(ExactSizeIterator::len).collect();
            assert_eq!(sizes, expected, "{name}");
            assert!(cut.into_iter().flatten().eq(0..messages.len()), "{name}: none is left out");
        }
    }
}
