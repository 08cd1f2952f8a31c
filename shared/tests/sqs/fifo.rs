//! Messages to a FIFO queue: none overtakes another of its group, whatever is refused.

use std::sync::{Arc, Mutex};

use fastrand::Rng;
use patchcord::ground::aws::sqs::{FifoMessage, FifoQueue, InvalidQueue, SendMessagesError};
use serde_json::{Value, json};

use crate::answers::{aws, batch, ids, server};
use crate::support::server::{Server, answer};

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/worker.fifo";
/// More than a queue takes that fails now and then.
const MOST_ATTEMPTS: usize = 100;
/// What SQS says when it failed itself.
const FAILED: &str = "InternalError";

fn queue(endpoint: &str) -> FifoQueue {
    FifoQueue::new(aws().queue(URL, Some(endpoint)).unwrap()).unwrap()
}

/// Messages of these groups, with their positions as ids.
fn messages<'a>(groups: &[&'a str]) -> Vec<FifoMessage<'a>> {
    const IDS: [&str; 5] = ["id-0", "id-1", "id-2", "id-3", "id-4"];
    let ids = groups.iter().zip(IDS);
    ids.map(|(group, deduplication_id)| FifoMessage { body: "{}", group, deduplication_id })
        .collect()
}

#[tokio::test]
async fn a_message_has_its_group_and_its_id_and_no_delay() {
    let server = server(vec![batch(&[0], &[])]).await;
    queue(&server.url).send_all(&messages(&["user"])).await.unwrap();
    let request = server.requests().remove(0);
    assert_eq!(request.headers["x-amz-target"], "AmazonSQS.SendMessageBatch");
    let entry = json!({
        "Id": "0",
        "MessageBody": "{}",
        "MessageGroupId": "user",
        "MessageDeduplicationId": "id-0",
    });
    assert_eq!(request.body, json!({"QueueUrl": URL, "Entries": [entry]}));
    queue(&server.url).send_all(&[]).await.unwrap();
    assert_eq!(server.requests().len(), 1, "nothing is sent for nothing");
}

#[tokio::test]
async fn a_message_waits_until_those_before_it_in_its_group_are_taken() {
    let server =
        server(vec![batch(&[1, 2], &[(0, FAILED, false)]), batch(&[0], &[]), batch(&[3, 4], &[])])
            .await;
    queue(&server.url).send_all(&messages(&["a", "b", "c", "a", "b"])).await.unwrap();
    assert_eq!(ids(&server), [vec!["0", "1", "2"], vec!["0"], vec!["3", "4"]]);
}

#[tokio::test]
async fn after_a_refusal_nothing_more_is_sent() {
    for (name, refusals, is_retryable) in
        [("SQS fails three times", 3, true), ("SQS never takes it", 1, false)]
    {
        let refusal = (1, FAILED, !is_retryable);
        let mut answers = vec![batch(&[0], &[refusal])];
        answers.extend(vec![batch(&[], &[refusal]); refusals - 1]);
        let server = server(answers).await;
        let error = queue(&server.url).send_all(&messages(&["a", "b", "b", "a"])).await;
        let error = error.unwrap_err();
        assert_eq!(error.is_retryable(), is_retryable, "{name}");
        let SendMessagesError::Refused { refused, of: 4 } = error else {
            panic!("{name}: {error}")
        };
        assert_eq!(refused.len(), 1, "{name}");
        assert_eq!((refused[0].position, refused[0].code.as_str()), (1, FAILED), "{name}");
        assert_eq!(ids(&server).len(), refusals, "{name}");
        assert!(!ids(&server).concat().contains(&"2".to_owned()), "{name}: 2 overtook 1");
    }
}

#[tokio::test]
async fn a_call_that_fails_says_from_where_on_nothing_is_certain() {
    let throttled = json!({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "slow"});
    let server = server(vec![batch(&[0, 2], &[]), (400, throttled)]).await;
    let error = queue(&server.url).send_all(&messages(&["a", "a", "b", "b"])).await.unwrap_err();
    assert!(
        matches!(error, SendMessagesError::Call { from: 1, .. }) && error.is_retryable(),
        "{error}"
    );
}

#[tokio::test]
async fn what_sqs_would_not_take_keeps_all_of_them_here() {
    let server = server(vec![batch(&[0], &[])]).await;
    let long = "a".repeat(1024 * 1024 + 1);
    let good = FifoMessage { body: "{}", group: "a", deduplication_id: "a" };
    for bad in [
        FifoMessage { body: &long, ..good },
        FifoMessage { body: "\u{FFFF}", ..good },
        FifoMessage { group: "a user", ..good },
        FifoMessage { deduplication_id: "", ..good },
    ] {
        let error = queue(&server.url).send_all(&[good, bad]).await.unwrap_err();
        assert!(!error.is_retryable(), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_fifo_queue_is_called_one() {
    let queue = aws().queue(URL.trim_end_matches(".fifo"), None).unwrap();
    let error = FifoQueue::new(queue).err().unwrap();
    assert!(matches!(error, InvalidQueue::NotFifo { .. }), "{error}");
}

/// A queue that forgets no id, fails at one message in five, and once in ten calls at the answer.
async fn unreliable(seed: u64, taken: Arc<Mutex<Vec<String>>>) -> Server {
    let rng = Arc::new(Mutex::new(Rng::with_seed(seed)));
    Server::start(move |request| {
        let (mut rng, mut taken) = (rng.lock().unwrap(), taken.lock().unwrap());
        let (mut accepted, mut refused) = (Vec::new(), Vec::new());
        for entry in request.body["Entries"].as_array().unwrap() {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            let (position, id) = (text("Id").parse().unwrap(), text("MessageDeduplicationId"));
            if rng.u32(..5) == 0 {
                refused.push((position, FAILED, false));
                continue;
            }
            accepted.push(position);
            if !taken.contains(&id) {
                taken.push(id);
            }
        }
        let (status, body) = match rng.u32(..10) {
            0 => (500, Value::Null),
            _ => batch(&accepted, &refused),
        };
        async move { answer(status, body.to_string()) }
    })
    .await
}

#[tokio::test]
async fn a_webhook_that_is_sent_until_it_is_taken_leaves_each_message_once_and_in_order() {
    for seed in 0..4 {
        println!("seed {seed}");
        let mut rng = Rng::with_seed(seed);
        let taken = Arc::default();
        let server = unreliable(seed, Arc::clone(&taken)).await;
        let groups: Vec<_> = (0..12).map(|_| ["a", "b", "c"][rng.usize(..3)]).collect();
        let ids: Vec<_> = (0..12).zip(&groups).map(|(id, group)| format!("{group}{id}")).collect();
        let message =
            |(group, deduplication_id)| FifoMessage { body: "{}", group, deduplication_id };
        let messages: Vec<_> =
            groups.iter().copied().zip(ids.iter().map(String::as_str)).map(message).collect();
        let mut attempts = 1;
        while let Err(error) = queue(&server.url).send_all(&messages).await {
            assert!(error.is_retryable() && attempts < MOST_ATTEMPTS, "{attempts}: {error}");
            attempts += 1;
        }
        let taken = taken.lock().unwrap();
        assert_eq!(taken.len(), ids.len(), "{taken:?}");
        for group in ["a", "b", "c"] {
            let of_group = |ids: &[String]| -> Vec<String> {
                ids.iter().filter(|id| id.starts_with(group)).cloned().collect()
            };
            assert_eq!(of_group(&taken), of_group(&ids));
        }
    }
}
