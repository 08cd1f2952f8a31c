//! The functions' own client against both servers, with AWS's SDK as the witness.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use patchcord::ground::aws::sqs::{MAX_BYTES, Message, Queue, SendError};
use patchcord::ground::aws::{Aws, Credentials};
use patchcord::ground::clock::SystemClock;
use patchcord::ground::http;
use patchcord_local::queue::{self, SqsOptions};

use crate::client::Sqs;
use crate::moto::Moto;

#[tokio::test]
async fn what_functions_send_arrives_in_the_local_queue() {
    let server = queue::Sqs::start(SqsOptions::default()).await.unwrap();
    check(&Sqs::new(&server.endpoint(), false).await).await;
}

#[tokio::test]
async fn what_functions_send_arrives_in_moto() {
    let moto = Moto::start().await;
    check(&Sqs::new(&moto.endpoint(), true).await).await;
}

pub fn functions_client(sqs: &Sqs, url: &str) -> Queue {
    let credentials = Credentials::new("local".to_owned(), "local".to_owned(), None);
    let clock = Arc::new(SystemClock);
    let aws = Aws::new(http::client().unwrap(), "eu-west-1".to_owned(), credentials, clock);
    aws.queue(url, Some(&sqs.endpoint)).unwrap()
}

async fn check(sqs: &Sqs) {
    let queue = functions_client(sqs, &sqs.url);
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
        let received = sqs.wait().await;
        assert!(!received.is_empty(), "only {arrived:?}");
        arrived.extend(received.into_iter().filter_map(|message| message.body));
    }
    assert_eq!(arrived, bodies.into_iter().collect());

    let longest = "a".repeat(MAX_BYTES);
    queue.send_all(&[Message::new(&longest), Message::new("a")]).await.unwrap();
    assert_eq!(sqs.wait().await.len(), 2);

    let missing = functions_client(sqs, &format!("{}-other", sqs.url));
    let error = missing.send("a", Duration::ZERO).await.unwrap_err();
    let SendError::Call { source, .. } = &error else { panic!("{error}") };
    let code = &source.refusal().unwrap().code;
    // moto puts the older name into `__type`, too.
    assert!(code == "QueueDoesNotExist" || sqs.is_moto, "{code}");
    assert!(!error.is_retryable(), "{error}");
}
