//! A message of a group, and what SQS takes as its parts.

use serde::Serialize;

use crate::ground::aws::sqs::error::SendMessagesError;
use crate::ground::aws::sqs::message::MAX_BYTES;

/// The longest id of a group or a message
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>).
const MAX_ID: usize = 128;

/// A message to a FIFO queue.
///
/// Both ids have 1 to 128 letters, digits and punctuation marks of ASCII: a hash in hexadecimal is
/// one, what a user typed may not be.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FifoMessage<'a> {
    /// The text, of 1 byte to [`MAX_BYTES`]. JSON from [`json`] has no characters that SQS refuses.
    #[serde(rename = "MessageBody")]
    pub body: &'a str,
    /// Messages of one group are received in order, those of different groups in parallel.
    #[serde(rename = "MessageGroupId")]
    pub group: &'a str,
    /// What was sent with this id is not sent again within 5 minutes, even if it was received and
    /// deleted since
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html>).
    /// The same event must have the same id whenever it comes, and no other event may have it.
    #[serde(rename = "MessageDeduplicationId")]
    pub deduplication_id: &'a str,
}

/// A value as JSON that SQS takes.
///
/// SQS refuses texts with U+FFFE or U+FFFF
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>),
/// which anybody can type into a chat. In JSON they can only be part of a string, so here they are
/// written as escapes.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(value)?;
    Ok(json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff"))
}

/// Whether SQS takes all of these.
pub(super) fn check(messages: &[FifoMessage<'_>]) -> Result<(), SendMessagesError> {
    messages.iter().enumerate().try_for_each(|(position, message)| {
        let bytes = message.body.len();
        if bytes > MAX_BYTES {
            return Err(SendMessagesError::TooLarge { position, bytes });
        }
        if message.body.is_empty() || !message.body.chars().all(is_allowed) {
            return Err(SendMessagesError::InvalidContents { position });
        }
        for (name, id) in [
            ("MessageGroupId", message.group),
            ("MessageDeduplicationId", message.deduplication_id),
        ] {
            if !is_id(id) {
                return Err(SendMessagesError::InvalidId { position, name });
            }
        }
        Ok(())
    })
}

/// `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn is_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_sqs_takes_passes() {
        let (longest, long) = ("a".repeat(MAX_ID), "a".repeat(MAX_ID + 1));
        let (full, large) = ("a".repeat(MAX_BYTES), "a".repeat(MAX_BYTES + 1));
        let group = "message 1: expected a MessageGroupId of 1 to 128";
        let id = "message 1: expected a MessageDeduplicationId of 1 to 128";
        for (body, group, deduplication_id, expected) in [
            ("a", "!~", "a1", None),
            ("\t\r\né\u{FFFD}\u{1F600}", longest.as_str(), longest.as_str(), None),
            (&full, "a", "a", None),
            (&large, "a", "a", Some("message 1 has 1048577 bytes: expected 1048576 at most")),
            ("", "a", "a", Some("message 1: expected a text")),
            ("\u{1}", "a", "a", Some("message 1: expected a text")),
            ("\u{FFFF}", "a", "a", Some("message 1: expected a text")),
            ("a", "", "a", Some(group)),
            ("a", "a b", "a", Some(group)),
            ("a", "é", "a", Some(group)),
            ("a", &long, "a", Some(group)),
            ("a", "a", "", Some(id)),
            ("a", "a", "a\n", Some(id)),
            ("a", "a", &long, Some(id)),
        ] {
            let good = FifoMessage { body: "a", group: "a", deduplication_id: "a" };
            let refused = check(&[good, FifoMessage { body, group, deduplication_id }]).err();
            let text = refused.as_ref().map(ToString::to_string).unwrap_or_default();
            assert_eq!(refused.is_some(), expected.is_some(), "{text}");
            assert!(text.starts_with(expected.unwrap_or_default()), "{text}");
            assert!(refused.is_none_or(|refused| !refused.is_retryable()), "{text}");
        }
    }

    #[test]
    fn what_a_user_types_is_json_that_sqs_takes() {
        let typed = "a\u{FFFE}\\\u{FFFF}\u{0}\u{7F}\u{FFFD}é";
        let body = json(&[typed]).unwrap();
        check(&[FifoMessage { body: &body, group: "a", deduplication_id: "a" }]).unwrap();
        assert_eq!(serde_json::from_str::<[String; 1]>(&body).unwrap(), [typed]);
    }
}
