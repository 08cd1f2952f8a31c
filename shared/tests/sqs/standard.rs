//! Messages to a standard queue.

use std::time::Duration;

use patchcord::ground::aws::sqs::{
    InvalidQueue, MAX_BYTES, Message, Queue, Refused, SendMessagesError,
};
use serde_json::json;

use crate::answers::{aws, batch, ids, server};
use crate::support::server::{Server, answer};

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/import";

fn queue(endpoint: &str) -> Queue {
    aws().queue(URL, Some(endpoint)).unwrap()
}

#[tokio::test]
async fn a_message_is_sent_signed_to_the_queue() {
    let server = server(vec![(200, json!({"MessageId": "m", "MD5OfMessageBody": "d"}))]).await;
    queue(&server.url).send("a slice", Duration::from_millis(1_500)).await.unwrap();
    let request = server.requests().remove(0);
    let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
    assert_eq!((request.method.as_str(), request.uri.as_str()), ("POST", "/"));
    assert_eq!(header("x-amz-target"), "AmazonSQS.SendMessage");
    assert_eq!(header("content-type"), "application/x-amz-json-1.0");
    let scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/sqs/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=";
    let authorization = header("authorization");
    assert!(authorization.starts_with(scope), "{authorization}");
    let body = json!({"QueueUrl": URL, "MessageBody": "a slice", "DelaySeconds": 2});
    assert_eq!(request.body, body);
}

#[tokio::test]
async fn a_delay_is_never_shorter_than_asked_for_nor_longer_than_sqs_allows() {
    for (name, delay, expected) in [
        ("none", Duration::ZERO, 0),
        ("part of a second", Duration::from_millis(1), 1),
        ("whole seconds", Duration::from_secs(3), 3),
        ("the longest", Duration::from_mins(15), 900),
        ("more than the longest", Duration::from_millis(900_001), 900),
        ("for ever", Duration::MAX, 900),
    ] {
        let server = server(vec![(200, json!({"MessageId": "m"}))]).await;
        queue(&server.url).send("a", delay).await.unwrap();
        assert_eq!(server.requests()[0].body["DelaySeconds"], expected, "{name}");
    }
}

#[tokio::test]
async fn many_messages_go_in_batches() {
    let first: Vec<usize> = (0..10).collect();
    let server = server(vec![batch(&first, &[]), batch(&[10, 11], &[])]).await;
    let messages = [Message::new("a").delayed(Duration::from_secs(5)); 12];
    queue(&server.url).send_all(&messages).await.unwrap();
    assert_eq!(ids(&server).iter().map(Vec::len).collect::<Vec<_>>(), [10, 2]);
    let request = &server.requests()[1];
    assert_eq!(request.headers["x-amz-target"], "AmazonSQS.SendMessageBatch");
    let entry = |id: &str| json!({"Id": id, "MessageBody": "a", "DelaySeconds": 5});
    assert_eq!(request.body, json!({"QueueUrl": URL, "Entries": [entry("10"), entry("11")]}));
    queue(&server.url).send_all(&[]).await.unwrap();
    assert_eq!(server.requests().len(), 2, "nothing is sent for nothing");
}

#[tokio::test]
async fn what_sqs_failed_at_is_sent_again_and_what_we_did_wrong_is_not() {
    let passing = (1, "InternalError", false);
    let server = server(vec![
        batch(&[0], &[passing, (2, "InvalidMessageContents", true)]),
        batch(&[], &[passing]),
        batch(&[1], &[]),
    ])
    .await;
    let error = queue(&server.url).send_all(&[Message::new("a"); 3]).await.unwrap_err();
    assert_eq!(ids(&server), [vec!["0", "1", "2"], vec!["1"], vec!["1"]]);
    assert!(!error.is_retryable());
    let message = "1 of 3 messages were not accepted, the first of them for InvalidMessageContents";
    assert_eq!(error.to_string(), message);
    let SendMessagesError::Refused { refused, .. } = error else { panic!("{error}") };
    let code = "InvalidMessageContents".to_owned();
    assert_eq!(refused, [Refused { position: 2, code, is_final: true }]);
}

#[tokio::test]
async fn three_times_is_enough() {
    let server = server(vec![batch(&[], &[(0, "InternalError", false)])]).await;
    let error = queue(&server.url).send_all(&[Message::new("a")]).await.unwrap_err();
    assert_eq!(server.requests().len(), 3);
    assert!(matches!(error, SendMessagesError::Refused { .. }) && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn an_answer_that_forgets_a_message_is_none() {
    for (name, (status, answer)) in [
        ("forgets one", batch(&[0], &[])),
        ("one too many", batch(&[0, 1, 2], &[])),
        ("one twice", batch(&[0, 1], &[(1, "InternalError", false)])),
        ("no id of ours", (200, json!({"Successful": [{"Id": "a"}, {"Id": "b"}]}))),
        ("nothing", (200, json!({}))),
    ] {
        let server = server(vec![(status, answer)]).await;
        let error = queue(&server.url).send_all(&[Message::new("a"); 2]).await.unwrap_err();
        assert!(matches!(error, SendMessagesError::Call { from: 0, .. }), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_keeps_all_of_them_here() {
    let server = server(vec![batch(&[0], &[])]).await;
    let (fits, long) = ("a".repeat(MAX_BYTES), "é".repeat(MAX_BYTES / 2) + "a");
    let queue = queue(&server.url);
    let error = queue.send_all(&[Message::new(&fits), Message::new(&long)]).await.unwrap_err();
    assert_eq!(error.to_string(), "message 1 has 1048577 bytes: expected 1048576 at most");
    let error = queue.send(&long, Duration::ZERO).await.unwrap_err();
    assert!(
        matches!(error, SendMessagesError::TooLarge { position: 0, bytes: 1_048_577 }),
        "{error}"
    );
    assert!(server.requests().is_empty());
    queue.send_all(&[Message::new(&fits)]).await.unwrap();
}

#[tokio::test]
async fn a_refusal_of_the_call_says_what_is_certain() {
    let throttled = json!({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "slow"});
    let missing = json!({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "none"});
    for (refusal, is_retryable) in [(throttled, true), (missing, false)] {
        let first: Vec<usize> = (0..10).collect();
        let server = server(vec![batch(&first, &[]), (400, refusal)]).await;
        let error = queue(&server.url).send_all(&[Message::new("a"); 11]).await.unwrap_err();
        assert!(matches!(error, SendMessagesError::Call { from: 10, .. }), "{error}");
        assert_eq!(error.is_retryable(), is_retryable, "{error}");
    }
}

#[tokio::test]
async fn a_queue_has_an_address() {
    for wrong in ["import", "", "https://sqs.eu-west-1.amazonaws.com/", "arn:aws:sqs:eu:1:import"] {
        let error = aws().queue(wrong, None).err().unwrap();
        assert!(matches!(error, InvalidQueue::Url { .. }), "{wrong}: {error}");
    }
    let error = aws().queue(URL, Some("localhost")).err().unwrap();
    assert!(matches!(error, InvalidQueue::Endpoint(_)), "{error}");
    aws().queue(URL, None).unwrap();
}

#[tokio::test]
async fn a_message_is_shown_again_whether_sqs_answers_nothing_or_an_empty_object() {
    for body in ["", "{}"] {
        let server = Server::start(move |_| async move { answer(200, body) }).await;
        let pause = Duration::from_millis(5_900);
        queue(&server.url).show_again("handle", pause).await.unwrap();
        let request = server.requests().remove(0);
        assert_eq!(request.headers["x-amz-target"], "AmazonSQS.ChangeMessageVisibility");
        let expected = json!({"QueueUrl": URL, "ReceiptHandle": "handle", "VisibilityTimeout": 5});
        assert_eq!(request.body, expected, "{body}");
    }
}
