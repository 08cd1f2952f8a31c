//! What holds of FIFO queues on this machine and in moto alike. Where moto does something else, the
//! document that says otherwise is quoted.

use aws_sdk_sqs::operation::send_message::SendMessageOutput;
use aws_sdk_sqs::types::{
    Message, MessageSystemAttributeName as Attribute, SendMessageBatchRequestEntry,
};

use super::refusals;
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
    let fifo = async |attributes: &[(&str, &str)]| server.fifo(attributes).await;
    attributes(&fifo(&[]).await).await;
    order(&fifo(&[]).await).await;
    in_flight(&fifo(&[]).await).await;
    failed(&fifo(&[]).await).await;
    duplicates(&fifo(&[]).await).await;
    duplicates_per_group(&fifo(&[("DeduplicationScope", "messageGroup")]).await).await;
    content(&fifo(&[("ContentBasedDeduplication", "true")]).await).await;
    batches(&fifo(&[]).await).await;
    dead_letters(&fifo(&[]).await).await;
    refusals::messages(&fifo(&[]).await).await;
    refusals::queues(&fifo(&[]).await).await;
}

/// Sends the body to a group, with itself as its id.
async fn send(sqs: &Sqs, group: &str, body: &str) -> SendMessageOutput {
    let send = sqs.client.send_message().queue_url(&sqs.url).message_body(body);
    let send = send.message_group_id(group).message_deduplication_id(body);
    send.send().await.unwrap()
}

pub(super) fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_deref().unwrap()).collect()
}

async fn receive(sqs: &Sqs, max: i32) -> Vec<Message> {
    let receive = sqs.client.receive_message().queue_url(&sqs.url).max_number_of_messages(max);
    let receive = receive.message_system_attribute_names(Attribute::All);
    receive.send().await.unwrap().messages.unwrap_or_default()
}

async fn delete(sqs: &Sqs, message: &Message) {
    let delete = sqs.client.delete_message().queue_url(&sqs.url);
    delete.receipt_handle(message.receipt_handle.clone().unwrap()).send().await.unwrap();
}

async fn attributes(sqs: &Sqs) {
    for (name, expected) in [
        ("FifoQueue", "true"),
        ("ContentBasedDeduplication", "false"),
        ("DeduplicationScope", "queue"),
        ("FifoThroughputLimit", "perQueue"),
    ] {
        assert_eq!(sqs.attribute(name).await.as_deref(), Some(expected), "{name}");
    }
    let url = sqs.client.get_queue_url().queue_name(&sqs.name).send().await.unwrap();
    assert_eq!(url.queue_url.as_deref(), Some(sqs.url.as_str()));
}

async fn order(sqs: &Sqs) {
    let mut numbers = Vec::new();
    for body in ["a1", "a2", "a3"] {
        numbers.push(send(sqs, "a", body).await.sequence_number.unwrap());
    }
    // “The large, non-consecutive number”, which “continues to increase for a particular
    // MessageGroupId” (`SendMessage`); moto's are random.
    assert!(sqs.is_moto || numbers.is_sorted_by(|one, other| one < other), "{numbers:?}");
    assert!(numbers.iter().all(|number| number.len() == 20), "{numbers:?}");
    let messages = receive(sqs, 10).await;
    assert_eq!(bodies(&messages), ["a1", "a2", "a3"]);
    for (message, number) in messages.iter().zip(&numbers) {
        let attributes = message.attributes.as_ref().unwrap();
        assert_eq!(attributes[&Attribute::MessageGroupId], "a");
        assert_eq!(Some(&attributes[&Attribute::MessageDeduplicationId]), message.body.as_ref());
        assert_eq!(&attributes[&Attribute::SequenceNumber], number);
    }
}

/// “When you receive a message with a message group ID, no more messages for the same message group
/// ID are returned unless you delete the message or it becomes visible.” (Visibility timeout)
async fn in_flight(sqs: &Sqs) {
    for (group, body) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
        send(sqs, group, body).await;
    }
    let first = receive(sqs, 1).await;
    assert_eq!(bodies(&first), ["a1"]);
    send(sqs, "a", "a3").await;
    assert_eq!(bodies(&receive(sqs, 10).await), ["b1"], "another group goes on");
    assert_eq!(sqs.counts().await, ["2", "2", "0"], "who waits is visible");
    delete(sqs, &first[0]).await;
    assert_eq!(bodies(&receive(sqs, 10).await), ["a2", "a3"]);
}

async fn failed(sqs: &Sqs) {
    for body in ["a1", "a2"] {
        send(sqs, "a", body).await;
    }
    let first = receive(sqs, 1).await;
    let change = sqs.client.change_message_visibility().queue_url(&sqs.url).visibility_timeout(0);
    change.receipt_handle(first[0].receipt_handle.clone().unwrap()).send().await.unwrap();
    let both = sqs.receive(1).await;
    assert_eq!(bodies(&both), ["a1", "a2"], "it is before the other one again");
    assert_eq!([count(&both[0]), count(&both[1])], ["2", "1"]);
    if sqs.is_moto {
        // When several messages of a group are visible again, moto gives out the last one first.
        // “These messages retain their FIFO order.” (FIFO queue delivery logic)
        return;
    }
    assert_eq!(bodies(&sqs.wait().await), ["a1", "a2"], "both again, in order");
}

/// “Any subsequent messages with the same ID will be acknowledged but not delivered.” (Using the
/// message deduplication ID)
async fn duplicates(sqs: &Sqs) {
    let first = send(sqs, "a", "a1").await;
    let second = send(sqs, "a", "a1").await;
    let elsewhere = send(sqs, "b", "a1").await;
    assert_eq!(sqs.counts().await, ["1", "0", "0"]);
    if sqs.is_moto {
        // moto answers with new ids, and forgets a message as soon as it is deleted. “Amazon SQS
        // continues tracking the deduplication ID even after the message has been received and
        // deleted.” (FIFO queue key terms)
        return;
    }
    for again in [second, elsewhere] {
        assert_eq!(again.message_id, first.message_id);
        assert_eq!(again.sequence_number, first.sequence_number);
    }
    delete(sqs, &receive(sqs, 1).await[0]).await;
    send(sqs, "a", "a1").await;
    assert_eq!(sqs.counts().await, ["0", "0", "0"]);
}

/// “Specifies whether message deduplication occurs at the message group or queue level.”
/// (`CreateQueue`); moto does not ask.
async fn duplicates_per_group(sqs: &Sqs) {
    for group in ["a", "a", "b"] {
        send(sqs, group, "a1").await;
    }
    assert!(sqs.is_moto || sqs.counts().await == ["2", "0", "0"]);
}

async fn content(sqs: &Sqs) {
    for _ in 0..2 {
        let send = sqs.client.send_message().queue_url(&sqs.url).message_body("héllo");
        send.message_group_id("a").send().await.unwrap();
    }
    let messages = receive(sqs, 10).await;
    assert_eq!(messages.len(), 1);
    // `printf 'héllo' | sha256sum`
    let id = &messages[0].attributes.as_ref().unwrap()[&Attribute::MessageDeduplicationId];
    assert_eq!(id, "3c48591d8d098a4538f5e013dfcf406e948eac4d3277b10bf614e295d6068179");
}

async fn batches(sqs: &Sqs) {
    let entry = |number: i32| {
        let entry = SendMessageBatchRequestEntry::builder().id(number.to_string());
        let entry = entry.message_body(format!("{number}")).message_group_id("a");
        entry.message_deduplication_id((number % 9).to_string()).build().unwrap()
    };
    let entries = (0..10).map(entry).collect();
    let batch = sqs.client.send_message_batch().queue_url(&sqs.url).set_entries(Some(entries));
    let sent = batch.send().await.unwrap();
    assert_eq!((sent.successful.len(), sent.failed.len()), (10, 0), "a duplicate is a success");
    assert!(sent.successful.iter().all(|sent| sent.sequence_number.is_some()));
    let expected: Vec<String> = (0..9).map(|number| number.to_string()).collect();
    assert_eq!(bodies(&receive(sqs, 10).await), expected);
}

async fn dead_letters(dead: &Sqs) {
    let arn = dead.attribute("QueueArn").await.unwrap();
    let policy = format!(r#"{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 1}}"#);
    let attributes = [("RedrivePolicy", policy.as_str())];
    let sqs = Sqs::fifo(&dead.endpoint, dead.is_moto, &attributes).await;
    send(&sqs, "a", "poison").await;
    let first = sqs.receive_one(0).await;
    send(&sqs, "a", "a2").await;
    assert_eq!(bodies(&sqs.receive(900).await), ["a2"], "the group goes on without it");
    let message = dead.receive_one(900).await;
    assert_eq!((&message.message_id, count(&message)), (&first.message_id, "2"));
    let attributes = message.attributes.as_ref().unwrap();
    assert_eq!(attributes[&Attribute::MessageGroupId], "a");
    assert_eq!(attributes[&Attribute::MessageDeduplicationId], "poison");
}
