//! The functions' own client of FIFO queues against both servers, with AWS's SDK as the witness.

use std::collections::BTreeMap;
use std::time::Duration;

use patchcord::ground::aws::sqs::{FifoMessage, FifoQueue, MAX_BYTES, SendMessagesError, json};

use crate::servers::Server;

/// Every message is of the next user.
const USERS: [&str; 3] = ["anna", "ben", "cleo"];

#[tokio::test]
async fn what_functions_send_arrives_in_the_local_queue_in_order() {
    check(&Server::local().await).await;
}

#[tokio::test]
async fn what_functions_send_arrives_in_moto_in_order() {
    check(&Server::moto().await).await;
}

#[tokio::test]
async fn what_functions_show_again_is_received_when_its_pause_is_over() {
    for server in [Server::local().await, Server::moto().await] {
        let sqs = server.fifo(&[]).await;
        let queue = FifoQueue::new(sqs.functions_client(&sqs.url)).unwrap();
        let message = FifoMessage { body: "a", group: "anna", deduplication_id: "a" };
        queue.send_all(&[message]).await.unwrap();
        for pause in [Duration::ZERO, Duration::from_mins(12 * 60 - 15)] {
            let handle = sqs.receive_one(900).await.receipt_handle.unwrap();
            queue.show_again(&handle, pause).await.unwrap();
        }
        assert!(sqs.receive(900).await.is_empty(), "it is hidden");
        queue.show_again("none of its handles", Duration::ZERO).await.unwrap_err();
    }
}

async fn check(server: &Server) {
    let sqs = server.fifo(&[]).await;
    let queue = FifoQueue::new(sqs.functions_client(&sqs.url)).unwrap();
    let event = |number: usize| (number, USERS[number % USERS.len()]);
    let bodies: Vec<String> = (0..25).map(|number| json(&event(number)).unwrap()).collect();
    let ids: Vec<String> = (0..25).map(|number| format!("event-{number}")).collect();
    let message = |number: usize| FifoMessage {
        body: &bodies[number],
        group: event(number).1,
        deduplication_id: &ids[number],
    };
    let messages: Vec<_> = (0..25).map(message).collect();
    // The platform sends a webhook again that was cut off, and one that was not.
    queue.send_all(&messages[..11]).await.unwrap();
    queue.send_all(&messages).await.unwrap();
    queue.send_all(&messages).await.unwrap();

    let mut arrived: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for _ in 0..messages.len() {
        for message in sqs.receive(900).await {
            let event: (usize, String) = serde_json::from_str(&message.body.unwrap()).unwrap();
            arrived.entry(event.1).or_default().push(event.0);
            let delete = sqs.client.delete_message().queue_url(&sqs.url);
            delete.receipt_handle(message.receipt_handle.unwrap()).send().await.unwrap();
        }
    }
    for (first, user) in (0..).zip(USERS) {
        let expected: Vec<usize> = (first..25).step_by(USERS.len()).collect();
        assert_eq!(arrived[user], expected, "{user}");
    }

    let longest = "a".repeat(MAX_BYTES);
    let long = FifoMessage { body: &longest, group: "anna", deduplication_id: "long" };
    let short = FifoMessage { body: "a", group: "ben", deduplication_id: "short" };
    queue.send_all(&[long, short]).await.unwrap();
    assert_eq!(sqs.counts().await[0], "2");

    let other = sqs.url.replace(".fifo", "-other.fifo");
    let missing = FifoQueue::new(sqs.functions_client(&other)).unwrap();
    let error = missing.send_all(&[short]).await.unwrap_err();
    assert!(
        matches!(error, SendMessagesError::Call { from: 0, .. }) && !error.is_retryable(),
        "{error}"
    );
}
