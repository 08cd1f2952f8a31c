//! The functions' own client against both servers, with AWS's SDK as the witness.

use std::collections::BTreeSet;
use std::time::Duration;

use patchcord::ground::aws::sqs::{MAX_BYTES, Message, SendMessagesError};

use crate::servers::Server;

#[tokio::test]
async fn what_functions_send_arrives_in_the_local_queue() {
    check(&Server::local().await).await;
}

#[tokio::test]
async fn what_functions_send_arrives_in_moto() {
    check(&Server::moto().await).await;
}

async fn check(server: &Server) {
    let sqs = server.queue().await;
    let queue = sqs.functions_client(&sqs.url);
    queue.send("héllo", Duration::ZERO).await.unwrap();
    let message = sqs.receive_one(900).await;
    assert_eq!(message.body.as_deref(), Some("héllo"));
    sqs.client.purge_queue().queue_url(&sqs.url).send().await.unwrap();

    queue.send("late", Duration::from_mins(15)).await.unwrap();
    assert_eq!(sqs.counts().await, ["0", "0", "1"]);
    let bodies: Vec<String> = (0..25).map(|number| format!("slice {number}")).collect();
    let messages: Vec<_> = bodies.iter().map(|body| Message::new(body)).collect();
    queue.send_all(&messages).await.unwrap();
    let mut arrived = BTreeSet::new();
    while arrived.len() < bodies.len() {
        arrived.extend(sqs.wait().await.into_iter().filter_map(|message| message.body));
    }
    assert_eq!(arrived, bodies.into_iter().collect());

    let longest = "a".repeat(MAX_BYTES);
    queue.send_all(&[Message::new(&longest), Message::new("a")]).await.unwrap();
    assert_eq!(sqs.wait().await.len(), 2);

    let missing = sqs.functions_client(&format!("{}-other", sqs.url));
    let error = missing.send("a", Duration::ZERO).await.unwrap_err();
    let SendMessagesError::Call { source, .. } = &error else { panic!("{error}") };
    let code = &source.refusal().unwrap().code;
    // moto puts the older name into `__type`, too.
    assert!(code == "QueueDoesNotExist" || sqs.is_moto, "{code}");
    assert!(!error.is_retryable(), "{error}");
}
