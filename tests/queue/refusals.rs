//! What both refuse, by the code that AWS documents for it.

use std::collections::HashMap;

use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};

use crate::sqs::{Sqs, code};

const INVALID_PARAMETER: &str = "InvalidParameterValue";
/// Larger than any message may be, by a byte.
const TOO_LARGE: usize = 1_048_577;

pub async fn parameters(sqs: &Sqs) {
    let send = || sqs.client.send_message().queue_url(&sqs.url);
    let receive = || sqs.client.receive_message().queue_url(&sqs.url);
    let late = send().message_body("a").delay_seconds(901).send().await;
    assert_eq!(code(late), INVALID_PARAMETER);
    let large = send().message_body("a".repeat(TOO_LARGE)).send().await;
    assert_eq!(code(large), INVALID_PARAMETER);
    let many = receive().max_number_of_messages(11).send().await;
    assert_eq!(code(many), INVALID_PARAMETER);
    let long = receive().wait_time_seconds(21).send().await;
    assert_eq!(code(long), INVALID_PARAMETER);
    let hidden = receive().visibility_timeout(43_201).send().await;
    assert_eq!(code(hidden), INVALID_PARAMETER);
    if sqs.is_moto {
        // moto takes these.
        return;
    }
    let control = send().message_body("\u{1}").send().await;
    assert_eq!(code(control), "InvalidMessageContents");
    let empty = send().message_body("").send().await;
    assert_eq!(code(empty), "MissingParameter");
    let fifo = send().message_body("a").message_deduplication_id("a").send().await;
    assert_eq!(code(fifo), INVALID_PARAMETER);
}

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
}

pub async fn batches(sqs: &Sqs) {
    let half = "a".repeat(TOO_LARGE / 2 + 1);
    let many = (0..11).map(|id| entry(&id.to_string(), "a")).collect();
    for (expected, entries) in [
        ("EmptyBatchRequest", vec![]),
        ("TooManyEntriesInBatchRequest", many),
        ("BatchEntryIdsNotDistinct", vec![entry("a", "a"), entry("a", "b")]),
        ("InvalidBatchEntryId", vec![entry("a b", "a")]),
        ("BatchRequestTooLong", vec![entry("a", &half), entry("b", &half)]),
    ] {
        let request = sqs.client.send_message_batch().queue_url(&sqs.url);
        let sent = request.set_entries(Some(entries)).send().await;
        assert_eq!(code(sent), format!("AWS.SimpleQueueService.{expected}"));
    }
    assert_eq!(sqs.counts().await, ["0", "0", "0"], "nothing of them is there");
    let delete = sqs.client.delete_message_batch().queue_url(&sqs.url);
    let deleted = delete.set_entries(Some(vec![])).send().await;
    assert_eq!(code(deleted), "AWS.SimpleQueueService.EmptyBatchRequest");
}

pub async fn queues(sqs: &Sqs) {
    const MISSING: &str = "AWS.SimpleQueueService.NonExistentQueue";
    let url = format!("{}-other", sqs.url);
    let sent = sqs.client.send_message().queue_url(&url).message_body("a").send().await;
    assert_eq!(code(sent), MISSING);
    assert_eq!(code(sqs.client.receive_message().queue_url(&url).send().await), MISSING);
    assert_eq!(code(sqs.client.purge_queue().queue_url(&url).send().await), MISSING);
    assert_eq!(code(sqs.client.get_queue_url().queue_name("other").send().await), MISSING);

    let create = async |name: &str, attribute: QueueAttributeName, value: &str| {
        let create = sqs.client.create_queue().queue_name(name);
        let attributes = HashMap::from([(attribute, value.to_owned())]);
        code(create.set_attributes(Some(attributes)).send().await)
    };
    let visibility = QueueAttributeName::VisibilityTimeout;
    assert_eq!(create(&sqs.name, visibility.clone(), "31").await, "QueueAlreadyExists");
    let size = QueueAttributeName::MaximumMessageSize;
    assert_eq!(create("size", size, "1023").await, "InvalidAttributeValue");
    let named = sqs.client.create_queue().queue_name("a queue").send().await;
    assert_eq!(code(named), INVALID_PARAMETER);
    let show = sqs.client.get_queue_attributes().queue_url(&sqs.url);
    let shown = show.attribute_names(QueueAttributeName::from("Colour")).send().await;
    assert_eq!(code(shown), "InvalidAttributeName");
    if sqs.is_moto {
        // moto takes these, but for the last one, which it calls by another name.
        return;
    }
    assert_eq!(create("hidden", visibility, "43201").await, "InvalidAttributeValue");
    let unknown = QueueAttributeName::from("Colour");
    assert_eq!(create("colour", unknown, "blue").await, "InvalidAttributeName");
    let redrive = QueueAttributeName::RedrivePolicy;
    let policy = |count: u32| {
        let arn = format!("arn:aws:sqs:eu-west-1:000000000000:{}", sqs.name);
        format!(r#"{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {count}}}"#)
    };
    for (policy, expected) in [
        ("{}".to_owned(), "InvalidAttributeValue"),
        (policy(0), INVALID_PARAMETER),
        (policy(1001), INVALID_PARAMETER),
        (policy(1).replace(&sqs.name, "nowhere"), INVALID_PARAMETER),
    ] {
        assert_eq!(create("redrive", redrive.clone(), &policy).await, expected, "{policy}");
    }
}

pub async fn handles(sqs: &Sqs) {
    const INVALID: &str = "ReceiptHandleIsInvalid";
    let other = Sqs::new(&sqs.endpoint, sqs.is_moto).await;
    other.send("of another queue").await;
    let foreign = other.receive_one(900).await.receipt_handle.unwrap();
    for handle in ["nonsense", foreign.as_str()] {
        let delete = sqs.client.delete_message().queue_url(&sqs.url);
        let deleted = delete.receipt_handle(handle).send().await;
        assert_eq!(code(deleted), INVALID);
        let change = sqs.client.change_message_visibility().queue_url(&sqs.url);
        let changed = change.receipt_handle(handle).visibility_timeout(1).send().await;
        assert_eq!(code(changed), INVALID);
    }
    sqs.send("a").await;
    let message = sqs.receive_one(900).await;
    let change = async |seconds: i32| {
        let change = sqs.client.change_message_visibility().queue_url(&sqs.url);
        let change = change.receipt_handle(message.receipt_handle.clone().unwrap());
        change.visibility_timeout(seconds).send().await
    };
    assert_eq!(code(change(43_201).await), INVALID_PARAMETER);
    change(0).await.unwrap();
    // moto lets a message be hidden again that nobody has.
    let not_in_flight = "AWS.SimpleQueueService.MessageNotInflight";
    assert!(sqs.is_moto || code(change(10).await) == not_in_flight);
}
