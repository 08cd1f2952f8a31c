//! The operations on messages.

use serde_json::{Map, Value, json};

use super::answer::Outcome;
use super::batch;
use super::input::{Batch, OfMessage, ToReceive, ToSend};
use crate::queue::message::md5_hex;
use crate::queue::{NewMessage, QueueError, Queues, Receive, Received, check};

const ALL: &str = "All";

/// `SendMessage`.
pub(super) fn send(queues: &Queues, queue: &str, input: ToSend) -> Outcome {
    let message = message(input)?;
    let md5 = md5_hex(&message.body);
    let sent = queues.take(queue, message)?;
    let mut shown = json!({"MessageId": sent.id, "MD5OfMessageBody": md5});
    if let Some(number) = sent.sequence_number {
        shown["SequenceNumber"] = number.into();
    }
    Ok(Some(shown))
}

/// `SendMessageBatch`.
pub(super) fn send_batch(queues: &Queues, queue: &str, input: Batch<ToSend>) -> Outcome {
    let limit = queues.attributes(queue)?.max_message_bytes;
    check::entries(input.entries.iter().map(|entry| entry.id.as_str()))?;
    let bodies = input.entries.iter().filter_map(|entry| entry.content.message_body.as_ref());
    let bytes = bodies.map(String::len).sum();
    if bytes > limit {
        return Err(QueueError::BatchRequestTooLong { bytes, limit });
    }
    batch::each(input, |entry| Ok(send(queues, queue, entry)?.unwrap_or_default()))
}

fn message(input: ToSend) -> Result<NewMessage, QueueError> {
    let delay = input.delay_seconds.map(|delay| check::seconds("DelaySeconds", delay, 0..=900));
    Ok(NewMessage {
        body: input.message_body.ok_or(QueueError::MissingParameter("MessageBody"))?,
        delay: delay.transpose()?,
        attributes: input.message_attributes,
        group: input.message_group_id,
        deduplication_id: input.message_deduplication_id,
    })
}

/// `ReceiveMessage`.
pub(super) async fn receive(queues: &Queues, queue: &str, input: ToReceive) -> Outcome {
    let max = input.max_number_of_messages.unwrap_or(1);
    let max = usize::try_from(max).ok().filter(|max| (1..=check::MAX_ENTRIES).contains(max));
    let max = max.ok_or_else(|| {
        let (name, expected) = ("MaxNumberOfMessages", "1 to 10".to_owned());
        QueueError::InvalidParameterValue { name, expected }
    })?;
    let hidden = |timeout| check::seconds("VisibilityTimeout", timeout, 0..=43_200);
    let wait = |wait| check::seconds("WaitTimeSeconds", wait, 0..=20);
    let receive = Receive {
        max,
        visibility_timeout: input.visibility_timeout.map(hidden).transpose()?,
        wait: input.wait_time_seconds.map(wait).transpose()?,
    };
    let received = queues.receive(queue, receive).await?;
    if received.is_empty() {
        return Ok(Some(json!({})));
    }
    let messages: Vec<Value> = received.iter().map(|message| show(message, &input)).collect();
    Ok(Some(json!({"Messages": messages})))
}

fn show(message: &Received, input: &ToReceive) -> Value {
    let mut shown = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt_handle,
        "MD5OfBody": message.md5_of_body(),
        "Body": message.body,
    });
    let wanted: Vec<_> =
        input.attribute_names.iter().chain(&input.message_system_attribute_names).collect();
    let is_wanted = |name: &str| wanted.iter().any(|wanted| *wanted == ALL || *wanted == name);
    let system = message.system_attributes().into_iter().filter(|(name, _)| is_wanted(name));
    let system: Map<_, _> = system.map(|(name, value)| (name.to_owned(), value.into())).collect();
    if !system.is_empty() {
        shown["Attributes"] = system.into();
    }
    let is_named = |name: &str| {
        input.message_attribute_names.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => wanted == ALL || wanted == name,
        })
    };
    let own = message.attributes.iter().filter(|(name, _)| is_named(name));
    let own: Map<_, _> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    if !own.is_empty() {
        shown["MessageAttributes"] = own.into();
    }
    shown
}

/// `DeleteMessage`.
pub(super) fn delete(queues: &Queues, queue: &str, input: &OfMessage) -> Outcome {
    queues.delete(queue, input.handle()?).map(|()| None)
}

/// `DeleteMessageBatch`.
pub(super) fn delete_batch(queues: &Queues, queue: &str, input: Batch<OfMessage>) -> Outcome {
    queues.attributes(queue)?;
    batch::each(input, |entry| delete(queues, queue, &entry).map(|_| json!({})))
}

/// `ChangeMessageVisibility`.
pub(super) fn change_visibility(queues: &Queues, queue: &str, input: &OfMessage) -> Outcome {
    const TIMEOUT: &str = "VisibilityTimeout";
    let timeout = input.visibility_timeout.ok_or(QueueError::MissingParameter(TIMEOUT))?;
    let timeout = check::seconds(TIMEOUT, timeout, 0..=43_200)?;
    queues.change_visibility(queue, input.handle()?, timeout).map(|()| None)
}
