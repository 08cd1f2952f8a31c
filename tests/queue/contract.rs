//! What holds of the local queue and of moto alike.

use std::collections::HashMap;

use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, MessageAttributeValue, MessageSystemAttributeName as Attribute,
    QueueAttributeName, SendMessageBatchRequestEntry,
};

use crate::refusals;
use crate::servers::Server;
use crate::sqs::{Sqs, count};

#[tokio::test]
async fn the_contract_holds_on_the_local_queue() {
    check(&Server::local().await).await;
}

#[tokio::test]
async fn the_contract_holds_on_moto() {
    check(&Server::moto().await).await;
}

async fn check(server: &Server) {
    let sqs = async || server.queue().await;
    queues(&sqs().await).await;
    messages(&sqs().await).await;
    old_handles(&sqs().await).await;
    delays(&sqs().await).await;
    visibility(&sqs().await).await;
    batches(&sqs().await).await;
    long_polls(&sqs().await).await;
    dead_letters(&sqs().await).await;
    purge(&sqs().await).await;
    refusals::parameters(&sqs().await).await;
    refusals::batches(&sqs().await).await;
    refusals::queues(&sqs().await).await;
    refusals::handles(&sqs().await).await;
}

async fn queues(sqs: &Sqs) {
    let url = sqs.client.get_queue_url().queue_name(&sqs.name).send().await.unwrap();
    assert_eq!(url.queue_url.as_deref(), Some(sqs.url.as_str()));
    let again = sqs.client.create_queue().queue_name(&sqs.name).send().await.unwrap();
    assert_eq!(again.queue_url.as_deref(), Some(sqs.url.as_str()));
    for (name, expected) in [
        ("DelaySeconds", "0"),
        ("MaximumMessageSize", "1048576"),
        ("MessageRetentionPeriod", "345600"),
        ("ReceiveMessageWaitTimeSeconds", "0"),
        ("VisibilityTimeout", "30"),
        ("ApproximateNumberOfMessages", "0"),
    ] {
        assert_eq!(sqs.attribute(name).await.as_deref(), Some(expected), "{name}");
    }
    let arn = sqs.attribute("QueueArn").await.unwrap();
    assert!(arn.starts_with("arn:aws:sqs:eu-west-1:") && arn.ends_with(&sqs.name), "{arn}");
    let none = sqs.client.get_queue_attributes().queue_url(&sqs.url).send().await.unwrap();
    assert_eq!(none.attributes, None);
}

async fn messages(sqs: &Sqs) {
    let attribute = MessageAttributeValue::builder().data_type("String").string_value("blue");
    let request = sqs.client.send_message().queue_url(&sqs.url).message_body("héllo");
    let request = request.message_attributes("colour", attribute.build().unwrap());
    let sent = request.send().await.unwrap();
    // `printf 'héllo' | md5sum`
    let md5 = Some("be50e8478cf24ff3595bc7307fb91b50");
    assert_eq!(sent.md5_of_message_body.as_deref(), md5);
    assert_eq!(sqs.counts().await, ["1", "0", "0"]);
    let message = sqs.receive_one(900).await;
    assert_eq!(message.message_id, sent.message_id);
    assert_eq!(message.body.as_deref(), Some("héllo"));
    assert_eq!(message.md5_of_body.as_deref(), md5);
    assert_eq!(count(&message), "1");
    let own = &message.message_attributes.as_ref().unwrap()["colour"];
    assert_eq!((own.data_type.as_str(), own.string_value.as_deref()), ("String", Some("blue")));
    let attributes = message.attributes.as_ref().unwrap();
    let millis = |name: &Attribute| attributes[name].parse::<u64>().unwrap();
    let (earlier, later) = (Attribute::SentTimestamp, Attribute::ApproximateFirstReceiveTimestamp);
    assert!(millis(&earlier) <= millis(&later), "{attributes:?}");
    assert!(attributes.contains_key(&Attribute::SenderId), "{attributes:?}");
    assert_eq!(sqs.counts().await, ["0", "1", "0"]);
    for _ in 0..2 {
        // That it is not there any more is no error.
        let delete = sqs.client.delete_message().queue_url(&sqs.url);
        let handle = message.receipt_handle.clone().unwrap();
        delete.receipt_handle(handle).send().await.unwrap();
    }
    assert_eq!(sqs.counts().await, ["0", "0", "0"]);
}

/// “If you use an old `ReceiptHandle`, the request will succeed, but the message might not be
/// deleted.” (`DeleteMessage`)
async fn old_handles(sqs: &Sqs) {
    sqs.send("twice").await;
    let old = sqs.receive_one(0).await;
    let new = sqs.receive_one(900).await;
    assert_ne!(old.receipt_handle, new.receipt_handle);
    assert_eq!(count(&new), "2");
    if sqs.is_moto {
        // moto deletes it.
        return;
    }
    let delete = sqs.client.delete_message().queue_url(&sqs.url);
    delete.receipt_handle(old.receipt_handle.unwrap()).send().await.unwrap();
    assert_eq!(sqs.counts().await, ["0", "1", "0"]);
}

async fn delays(sqs: &Sqs) {
    for (body, delay) in [("late", 900), ("soon", 1)] {
        let send = sqs.client.send_message().queue_url(&sqs.url).message_body(body);
        send.delay_seconds(delay).send().await.unwrap();
    }
    let messages = sqs.wait().await;
    let bodies: Vec<_> = messages.iter().map(|message| message.body.as_deref()).collect();
    assert_eq!(bodies, [Some("soon")]);
    assert_eq!(sqs.counts().await, ["0", "1", "1"]);
}

async fn visibility(sqs: &Sqs) {
    sqs.send("again").await;
    assert_eq!(count(&sqs.receive_one(1).await), "1");
    let second = sqs.wait().await.remove(0);
    assert_eq!(count(&second), "2");
    assert_eq!(sqs.receive(900).await, [], "hidden");
    let change = sqs.client.change_message_visibility().queue_url(&sqs.url).visibility_timeout(0);
    change.receipt_handle(second.receipt_handle.unwrap()).send().await.unwrap();
    assert_eq!(count(&sqs.receive_one(900).await), "3");
}

async fn batches(sqs: &Sqs) {
    let entry = |id: i32| {
        let entry = SendMessageBatchRequestEntry::builder().id(format!("id-{id}"));
        // The last one is refused, alone.
        entry.message_body("a").delay_seconds(if id == 9 { 901 } else { 0 }).build().unwrap()
    };
    let request = sqs.client.send_message_batch().queue_url(&sqs.url);
    let sent = request.set_entries(Some((0..10).map(entry).collect())).send().await.unwrap();
    assert_eq!(sent.successful.len(), 9);
    let failed = &sent.failed[0];
    assert_eq!((failed.id.as_str(), failed.sender_fault), ("id-9", true));
    assert_eq!(failed.code, "InvalidParameterValue");

    let received = sqs.wait().await;
    assert_eq!(received.len(), 9);
    let handles = received.into_iter().map(|message| message.receipt_handle.unwrap());
    let handles = handles.chain(["nonsense".to_owned()]).enumerate();
    let entry = |(index, handle): (usize, String)| {
        let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string());
        entry.receipt_handle(handle).build().unwrap()
    };
    let delete = sqs.client.delete_message_batch().queue_url(&sqs.url);
    let deleted = delete.set_entries(Some(handles.map(entry).collect())).send().await.unwrap();
    assert_eq!(deleted.successful.len(), 9);
    let failed = &deleted.failed[0];
    assert_eq!((failed.id.as_str(), failed.code.as_str()), ("9", "ReceiptHandleIsInvalid"));
    assert_eq!(sqs.counts().await, ["0", "0", "0"]);
}

async fn long_polls(sqs: &Sqs) {
    let (received, _) = tokio::join!(sqs.wait(), sqs.send("while somebody waits"));
    assert_eq!(received.len(), 1);
}

async fn dead_letters(sqs: &Sqs) {
    let arn = sqs.attribute("QueueArn").await.unwrap();
    let policy = format!(r#"{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 2}}"#);
    let attributes = HashMap::from([(QueueAttributeName::RedrivePolicy, policy)]);
    let create = sqs.client.create_queue().queue_name(format!("{}-source", sqs.name));
    let source = create.set_attributes(Some(attributes)).send().await.unwrap().queue_url.unwrap();
    let send = sqs.client.send_message().queue_url(&source).message_body("poison");
    let id = send.send().await.unwrap().message_id;
    for expected in ["1", "2"] {
        let received = sqs.receive_from(&source, 0, 0).await;
        assert_eq!(count(&received[0]), expected);
    }
    assert_eq!(sqs.receive(900).await, [], "not yet");
    assert_eq!(sqs.receive_from(&source, 0, 0).await, [], "given up");
    let dead = sqs.receive_one(900).await;
    assert_eq!((&dead.message_id, dead.body.as_deref()), (&id, Some("poison")));
    assert_eq!(count(&dead), "3", "counted in all queues");
    let from = dead.attributes.unwrap().remove(&Attribute::DeadLetterQueueSourceArn);
    // moto says so of FIFO queues only.
    assert!(sqs.is_moto || from == Some(format!("{arn}-source")), "{from:?}");
}

async fn purge(sqs: &Sqs) {
    sqs.send("visible").await;
    sqs.receive_one(900).await;
    sqs.send("hidden").await;
    sqs.client.purge_queue().queue_url(&sqs.url).send().await.unwrap();
    assert_eq!(sqs.counts().await, ["0", "0", "0"]);
    let again = sqs.client.purge_queue().queue_url(&sqs.url).send().await;
    let in_progress = "AWS.SimpleQueueService.PurgeQueueInProgress";
    assert_eq!(crate::sqs::code(again), in_progress);
}
