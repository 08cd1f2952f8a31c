//! A queued channel: what is in the queue before the platform is acknowledged, and for how long
//! what failed is hidden. SQS is a server that answers like it.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use patchcord::app::Setup;
use patchcord::bots::Echo;
use patchcord::chat::SendError;
use patchcord::chat::queue::EventQueue;
use patchcord::chat::sessions::MemorySessions;
use patchcord::ground::aws::sqs::FifoQueue;
use patchcord::ground::aws::{Aws, Credentials, LOCAL_ATTEMPT_TIME};
use patchcord::ground::clock::SystemClock;
use patchcord::ground::http::client;
use patchcord::ground::random::Random;
use serde_json::{Value, json};

use crate::function::{Function, piece, post};
use crate::platform::Platform;
use crate::server::{Recorded, Server, answer};
use crate::webhook::{PATH, shop};
use crate::worker::{message, obedient, work};

fn queue(sqs: &Server) -> EventQueue {
    const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/messages.fifo";
    let credentials = Credentials::new("key".to_owned(), "secret".to_owned(), None);
    let clock = Arc::new(SystemClock);
    let aws = Aws::new(client().unwrap(), "eu-west-1".to_owned(), credentials, clock)
        .attempt_time(LOCAL_ATTEMPT_TIME);
    let queue = FifoQueue::new(aws.queue(URL, Some(&sqs.url)).unwrap()).unwrap();
    EventQueue::new(queue, Random::seeded(1))
}

/// Takes everything but messages with the word `refused`.
async fn sqs() -> Server {
    Server::start(|request: Recorded| async move {
        assert_eq!((request.method.as_str(), request.uri.as_str()), ("POST", "/"));
        if request.headers["x-amz-target"] == "AmazonSQS.ChangeMessageVisibility" {
            return answer(200, "");
        }
        assert_eq!(request.headers["x-amz-target"], "AmazonSQS.SendMessageBatch");
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for entry in entries(&request.body) {
            if entry["MessageBody"].as_str().unwrap().contains("refused") {
                let refusal = json!({"Id": entry["Id"], "Code": "Failed", "SenderFault": false});
                refused.push(refusal);
            } else {
                taken.push(json!({"Id": entry["Id"], "MessageId": "m"}));
            }
        }
        answer(200, json!({"Successful": taken, "Failed": refused}).to_string())
    })
    .await
}

fn entries(body: &Value) -> Vec<Value> {
    body["Entries"].as_array().cloned().unwrap_or_default()
}

async fn function(sqs: &Server, platform: &Platform) -> Function {
    let config = shop(platform, "delivery: queued").await;
    Function::start_with(config, |setup| setup.bot(Echo).queue(queue(sqs))).await
}

#[tokio::test]
async fn a_request_is_acknowledged_once_all_of_it_is_in_the_queue() {
    let (sqs, platform) = (sqs().await, Platform::default());
    let function = function(&sqs, &platform).await;
    let (one, two) = (json!({"from": "ada", "text": "1"}), json!({"from": "bob", "text": "2"}));
    let refused = json!({"from": "eve", "text": "refused"});
    let answer = function.handle(post(PATH, &json!([one, refused, two]))).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    let before = sqs.requests().len();
    let answer = function.handle(post(PATH, &json!([one, two]))).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "thanks"));
    assert_eq!(sqs.requests().len(), before + 1);
    assert!(platform.sent().is_empty(), "the bot answers later");
}

#[tokio::test]
async fn a_queue_that_does_not_answer_is_not_waited_for_longer_than_there_is_time() {
    let sqs = Server::start(|_| pending()).await;
    let function = function(&sqs, &Platform::default()).await;
    let request = post(PATH, &json!([{"from": "ada", "text": "hi"}]));
    let deadline = function.deadline_in(Duration::from_millis(300));
    let mut answer = function.webhook.handle(request, deadline).await;
    assert_eq!(answer.status().as_u16(), 503);
    let body = piece(answer.body_mut()).await.unwrap();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["detail"], "the queue has not answered in time");
}

#[tokio::test]
async fn what_no_queue_would_take_is_refused_and_nothing_beside_it_is_queued() {
    let sqs = sqs().await;
    let function = function(&sqs, &Platform::default()).await;
    let (long, key) = ("x".repeat(600_000), "x".repeat(3000));
    for (event, status, expected) in [
        (json!({"from": "ada", "text": long}), 413, "expected events of 1048576 bytes at most"),
        (json!({"from": key, "text": "hi"}), 400, "expected a conversation id of 2048 bytes"),
    ] {
        let beside = json!({"from": "bob", "text": "hi"});
        let answer = function.handle(post(PATH, &json!([beside, event]))).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert!(answer.body.contains(expected), "{}", answer.body);
    }
    assert!(sqs.requests().is_empty());
}

#[tokio::test]
async fn an_event_has_the_group_of_its_conversation_and_the_same_id_each_time() {
    let sqs = sqs().await;
    let function = function(&sqs, &Platform::default()).await;
    let of = |from: &str| json!({"id": "1", "from": from, "text": "hi"});
    let nameless = json!({"from": "ada", "text": "hi"});
    for event in [&of("ada"), &of("bob"), &nameless].repeat(2) {
        function.handle(post(PATH, &json!([event]))).await;
    }
    let sent: Vec<Value> = sqs.requests().iter().flat_map(|it| entries(&it.body)).collect();
    let group = |index: usize| &sent[index]["MessageGroupId"];
    let id = |index: usize| &sent[index]["MessageDeduplicationId"];
    assert!(group(0) == group(2) && group(0) == group(3) && group(0) != group(1), "{sent:?}");
    assert!(id(0) == id(3) && id(1) == id(4) && id(0) != id(1), "{sent:?}");
    assert!(id(2) != id(5), "without an id it is another one: {sent:?}");
    let body: Value = serde_json::from_str(sent[2]["MessageBody"].as_str().unwrap()).unwrap();
    assert!(body["id"].is_string(), "by which it is known when the queue hands it over twice");
}

#[tokio::test]
async fn what_failed_is_hidden_for_longer_each_time_or_for_as_long_as_the_platform_wants() {
    let wanted = |retry_after| Some(SendError::RateLimited { retry_after });
    for (refusal, receptions, expected) in [
        (None, "1", 5),
        (None, "3", 80),
        (wanted(Duration::from_mins(10)), "1", 600),
        (wanted(Duration::from_secs(121)), "4", 300),
        // SQS takes 12 hours from when it was received, and not a second more.
        (wanted(Duration::from_hours(24)), "1", 12 * 3600 - 900),
    ] {
        let (sqs, platform) = (sqs().await, Platform::default());
        let clock = Arc::new(SystemClock);
        let sessions = Arc::new(MemorySessions::new(clock.clone()));
        let setup = Setup::new(shop(&platform, "").await, sessions, clock);
        let worker = setup.bot(obedient).queue(queue(&sqs)).worker().await.unwrap();
        let text = if refusal.is_none() { "fail first" } else { "hi" };
        if let Some(refusal) = refusal {
            platform.refuse(refusal);
        }
        let mut batch = [message("1", "ada", text), message("2", "ada", "next")];
        batch[0]["attributes"]["ApproximateReceiveCount"] = json!(receptions);
        assert_eq!(work(&worker, &batch).await, ["1", "2"]);
        let mut changes: Vec<_> = sqs.requests().into_iter().map(|it| it.body).collect();
        changes.sort_unstable_by_key(|change| change["ReceiptHandle"].to_string());
        assert_eq!(changes.len(), 2, "{changes:?}");
        for (change, handle) in changes.iter().zip(["1", "2"]) {
            assert_eq!(change["ReceiptHandle"], handle, "{changes:?}");
            assert_eq!(change["VisibilityTimeout"], expected, "{changes:?}");
        }
    }
}
