//! The same batch by way of the queue: put there by the webhook's connector, taken by the worker.

use std::sync::Arc;

use patchcord::app::Setup;
use patchcord::bots::Echo;
use patchcord::chat::queue::EventQueue;
use patchcord::chat::sessions::MemorySessions;
use patchcord::connectors::meta::Platform;
use patchcord::ground::aws::sqs::FifoQueue;
use patchcord::ground::aws::{Aws, Credentials, LOCAL_ATTEMPT_TIME};
use patchcord::ground::clock::{Clock as _, Deadline, SystemClock};
use patchcord::ground::http::client;
use patchcord::ground::random::Random;
use serde_json::{Value, json};

use crate::batch::{answers, numbered};
use crate::graph::Graph;
use crate::support::function::INVOCATION;
use crate::support::server::{Recorded, Server, answer};
use crate::{channel, configured, webhook};

/// A queue that takes everything.
async fn sqs() -> Server {
    Server::start(|request: Recorded| async move {
        assert_eq!((request.method.as_str(), request.uri.as_str()), ("POST", "/"));
        assert_eq!(request.headers["x-amz-target"], "AmazonSQS.SendMessageBatch");
        let entries = request.body["Entries"].as_array().unwrap();
        let taken =
            |entry: &Value| json!({"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "d"});
        let taken: Vec<_> = entries.iter().map(taken).collect();
        answer(200, json!({"Successful": taken, "Failed": []}).to_string())
    })
    .await
}

/// What the queue has got, as Lambda hands it over.
fn invocation(sqs: &Server) -> Value {
    let entries = sqs.requests().into_iter().flat_map(|request| {
        let Value::Array(entries) = request.body["Entries"].clone() else { panic!("entries") };
        entries
    });
    let record = |(index, entry): (usize, Value)| {
        json!({
            "messageId": index.to_string(), "body": entry["MessageBody"], "receiptHandle": "a",
            "attributes": {
                "MessageGroupId": entry["MessageGroupId"], "ApproximateReceiveCount": "1",
            },
        })
    };
    json!({ "Records": entries.enumerate().map(record).collect::<Vec<_>>() })
}

#[tokio::test]
async fn of_100_events_with_a_malformed_one_99_are_queued_and_answered_in_order() {
    let (sqs, graph) = (sqs().await, Graph::start(Platform::Messenger).await);
    let line = channel("messenger", &format!(", api_url: '{}'", graph.url));
    let config = configured(&line).await.unwrap();
    let connector = Arc::clone(&config.channels["messenger"].connector);

    let credentials = Credentials::new("key".to_owned(), "secret".to_owned(), None);
    let clock = Arc::new(SystemClock);
    let aws = Aws::new(client().unwrap(), "eu-west-1".to_owned(), credentials, clock)
        .attempt_time(LOCAL_ATTEMPT_TIME);
    let url = "https://sqs.eu-west-1.amazonaws.com/123456789012/worker.fifo";
    let queue = FifoQueue::new(aws.queue(url, Some(&sqs.url)).unwrap()).unwrap();
    let queue = EventQueue::new(queue, Random::seeded(1));
    let mut events =
        connector.map_request(&webhook("messenger", "batch.json")).await.unwrap().events;
    for event in &mut events {
        "messenger".clone_into(&mut event.channel);
    }
    queue.put(events, connector.as_ref()).await.unwrap();

    let sessions = Arc::new(MemorySessions::new(Arc::new(SystemClock)));
    let worker =
        Setup::new(config, sessions, Arc::new(SystemClock)).bot(Echo).worker().await.unwrap();
    let batch = invocation(&sqs);
    assert_eq!(batch["Records"].as_array().unwrap().len(), 99);
    for _ in 0..2 {
        let deadline = Deadline::after(INVOCATION, SystemClock.now());
        let left = worker.handle(batch.clone(), deadline).await.unwrap();
        assert!(left.batch_item_failures.is_empty(), "{left:?}");
    }
    assert_eq!(graph.calls().len(), 99, "also when the queue hands them over again");
    assert_eq!(answers(&graph), numbered());
}
