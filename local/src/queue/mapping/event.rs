//! What a function gets: the messages as Lambda writes them
//! (<https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event>,
//! and “Example FIFO queue message event” there).

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::queue::{Queues, Received};

/// The event for messages of one queue.
pub(super) fn event(queues: &Queues, queue: &str, messages: &[Received]) -> Bytes {
    let arn = queues.arn(queue);
    let records: Vec<Value> =
        messages.iter().map(|message| record(message, &arn, queues.region())).collect();
    json!({"Records": records}).to_string().into()
}

fn record(message: &Received, arn: &str, region: &str) -> Value {
    json!({
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": message.system_attributes(),
        "messageAttributes": attributes(&message.attributes),
        "md5OfBody": message.md5_of_body(),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": region,
    })
}

/// SQS's `StringValue` is Lambda's `stringValue`; the lists, which SQS does not have yet, are always
/// there.
fn attributes(sent: &BTreeMap<String, Value>) -> Map<String, Value> {
    let convert = |value: &Value| {
        let mut converted = json!({"stringListValues": [], "binaryListValues": []});
        for (sqs, lambda) in [
            ("StringValue", "stringValue"),
            ("BinaryValue", "binaryValue"),
            ("DataType", "dataType"),
        ] {
            if let Some(part) = value.get(sqs) {
                converted[lambda] = part.clone();
            }
        }
        converted
    };
    sent.iter().map(|(name, value)| (name.clone(), convert(value))).collect()
}
