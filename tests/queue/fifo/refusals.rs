//! What is refused of FIFO queues, by the code that AWS documents for it.

use std::collections::HashMap;

use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};

use crate::sqs::{Sqs, code};

const INVALID_PARAMETER: &str = "InvalidParameterValue";

pub async fn messages(sqs: &Sqs) {
    let send = || sqs.client.send_message().queue_url(&sqs.url).message_body("a");
    // “If you do not provide a MessageGroupId when sending a message to a FIFO queue, the action
    // fails.” (`SendMessage`)
    let alone = send().message_deduplication_id("a").send().await;
    assert_eq!(code(alone), "MissingParameter");
    let nameless = send().message_group_id("a").send().await;
    assert_eq!(code(nameless), INVALID_PARAMETER);
    // “When you set FifoQueue, you can't set DelaySeconds per message.”
    let late = send().message_group_id("a").message_deduplication_id("a").delay_seconds(1);
    assert_eq!(code(late.send().await), INVALID_PARAMETER);
    let now = send().message_group_id("a").message_deduplication_id("a").delay_seconds(0);
    now.send().await.unwrap();
    if sqs.is_moto {
        // moto takes these, and refuses a batch as a whole.
        return;
    }
    let long = "a".repeat(129);
    for (group, id) in [("", "a"), ("a b", "a"), (&long, "a"), ("a", "é"), ("a", &long)] {
        let refused = send().message_group_id(group).message_deduplication_id(id).send().await;
        assert_eq!(code(refused), INVALID_PARAMETER, "{group} {id}");
    }
    let entry = |id: &str| SendMessageBatchRequestEntry::builder().id(id).message_body("a");
    let good = entry("good").message_group_id("b").message_deduplication_id("b");
    let entries = vec![entry("bad").build().unwrap(), good.build().unwrap()];
    let batch = sqs.client.send_message_batch().queue_url(&sqs.url).set_entries(Some(entries));
    let answer = batch.send().await.unwrap();
    assert_eq!((answer.successful.len(), answer.successful[0].id.as_str()), (1, "good"));
    let failed = &answer.failed[0];
    assert_eq!((failed.id.as_str(), failed.sender_fault), ("bad", true));
    assert_eq!(failed.code, "MissingParameter");
}

pub async fn queues(sqs: &Sqs) {
    let create = async |name: &str, attributes: &[(&str, &str)]| {
        let create = sqs.client.create_queue().queue_name(name);
        let attributes = attributes.iter().map(|(name, value)| {
            let name = QueueAttributeName::from(*name);
            (name, (*value).to_owned())
        });
        let attributes: HashMap<_, _> = attributes.collect();
        code(create.set_attributes(Some(attributes)).send().await)
    };
    let fifo = ("FifoQueue", "true");
    assert_eq!(create("worker", &[fifo]).await, INVALID_PARAMETER);
    if sqs.is_moto {
        // moto takes these, or refuses them with a code that AWS does not have.
        return;
    }
    assert_eq!(create("worker.fifo", &[]).await, INVALID_PARAMETER);
    // “The suffix counts towards the 80-character queue name quota.” (FIFO queue quotas)
    let long = format!("{}.fifo", "a".repeat(76));
    assert_eq!(create(&long, &[fifo]).await, INVALID_PARAMETER);
    let unknown = create("worker", &[("ContentBasedDeduplication", "true")]).await;
    assert_eq!(unknown, "InvalidAttributeName");
    // “The perMessageGroupId value is allowed only when the value for DeduplicationScope is
    // messageGroup.” (`CreateQueue`)
    let throughput = ("FifoThroughputLimit", "perMessageGroupId");
    assert_eq!(create("worker.fifo", &[fifo, throughput]).await, "InvalidAttributeValue");
    // “The dead-letter queue of a FIFO queue must also be a FIFO queue.” (`CreateQueue`)
    let standard = Sqs::new(&sqs.endpoint, sqs.is_moto).await;
    let policy = async |queue: &Sqs| {
        let arn = queue.attribute("QueueArn").await.unwrap();
        format!(r#"{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 1}}"#)
    };
    let redrive = ("RedrivePolicy", &*policy(&standard).await);
    assert_eq!(create("worker.fifo", &[fifo, redrive]).await, INVALID_PARAMETER);
    let redrive = ("RedrivePolicy", &*policy(sqs).await);
    assert_eq!(create("worker", &[redrive]).await, INVALID_PARAMETER);
}
