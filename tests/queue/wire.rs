//! What the SDK does not show of the local queue's HTTP.

use patchcord::ground::http;
use patchcord_local::queue::{QueueAttributes, Sqs, SqsOptions};
use patchcord_tests::wait::until;
use serde_json::{Value, json};

const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=local/20261121/eu-west-1/sqs/aws4_request";

/// Status, code of old, and body.
async fn post(sqs: &Sqs, signature: &str, target: &str, body: &str) -> (u16, String, Value) {
    let request = http::client().unwrap().post(sqs.endpoint()).body(body.to_owned());
    let request = request.header("x-amz-target", target).header("authorization", signature);
    let response = request.send().await.unwrap();
    let header =
        |name: &str| response.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("application/x-amz-json-1.0"));
    assert_eq!(header("x-amzn-requestid").unwrap().len(), 36);
    let (status, code) = (response.status().as_u16(), header("x-amzn-query-error"));
    let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default();
    (status, code.unwrap_or_default(), body)
}

#[tokio::test]
async fn a_refusal_has_both_its_names() {
    let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
    sqs.queues().create("import", QueueAttributes::default()).unwrap();
    let url = sqs.url("import");
    let of_queue = json!({"QueueUrl": url}).to_string();
    let bad_handle = json!({"QueueUrl": url, "ReceiptHandle": "nonsense"}).to_string();
    let late = json!({"QueueUrl": url, "MessageBody": "a", "DelaySeconds": -1}).to_string();
    for (target, body, status, code, kind) in [
        (
            "PurgeQueue",
            r#"{"QueueUrl": "http://127.0.0.1/0/none"}"#,
            400,
            "AWS.SimpleQueueService.NonExistentQueue",
            "com.amazonaws.sqs#QueueDoesNotExist",
        ),
        (
            "SendMessage",
            "{}",
            400,
            "AWS.SimpleQueueService.NonExistentQueue",
            "com.amazonaws.sqs#QueueDoesNotExist",
        ),
        (
            "DeleteMessage",
            &bad_handle,
            404,
            "ReceiptHandleIsInvalid",
            "com.amazonaws.sqs#ReceiptHandleIsInvalid",
        ),
        (
            "SendMessage",
            &late,
            400,
            "InvalidParameterValue",
            "com.amazon.coral.service#InvalidParameterValueException",
        ),
        (
            "SendMessage",
            &of_queue,
            400,
            "MissingParameter",
            "com.amazon.coral.service#MissingRequiredParameterException",
        ),
        (
            "SendMessageBatch",
            &of_queue,
            400,
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "com.amazonaws.sqs#EmptyBatchRequest",
        ),
        (
            "AddPermission",
            &of_queue,
            400,
            "InvalidAction",
            "com.amazon.coral.service#UnknownOperationException",
        ),
        (
            "PurgeQueue",
            "[",
            400,
            "MalformedInput",
            "com.amazon.coral.service#SerializationException",
        ),
        (
            "CreateQueue",
            r#"{"QueueName": "worker", "Attributes": {"KmsMasterKeyId": "alias/aws/sqs"}}"#,
            400,
            "AWS.SimpleQueueService.UnsupportedOperation",
            "com.amazonaws.sqs#UnsupportedOperation",
        ),
    ] {
        let refused = post(&sqs, SIGNED, &format!("AmazonSQS.{target}"), body).await;
        let expected = (status, format!("{code};Sender"));
        assert_eq!((refused.0, refused.1), expected, "{target} {body}");
        assert_eq!(refused.2["__type"], kind, "{target} {body}");
        assert!(refused.2["message"].is_string(), "{target} {body}");
    }
}

#[tokio::test]
async fn what_is_not_signed_is_refused() {
    let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
    for signature in ["", "Bearer token"] {
        let body = r#"{"QueueName": "import"}"#;
        let (status, code, _) = post(&sqs, signature, "AmazonSQS.CreateQueue", body).await;
        assert_eq!((status, code.as_str()), (403, "AccessDenied;Sender"));
    }
}

#[tokio::test]
async fn whoever_waits_is_answered_when_it_stops() {
    let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
    sqs.queues().create("import", QueueAttributes::default()).unwrap();
    let body = json!({"QueueUrl": sqs.url("import"), "WaitTimeSeconds": 20}).to_string();
    let request = http::client().unwrap().post(sqs.endpoint()).body(body);
    let request = request.header("x-amz-target", "AmazonSQS.ReceiveMessage");
    let request = request.header("authorization", SIGNED);
    let waiting = tokio::spawn(async move { request.send().await.unwrap().text().await.unwrap() });
    let queues = std::sync::Arc::clone(sqs.queues());
    until(|| queues.waiting() > 0).await;
    sqs.stop().await;
    assert_eq!(waiting.await.unwrap(), "{}");
}
