//! Calls to AWS against a server: what is sent, what is repeated, what is not.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod support {
    pub mod server;
}

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use patchcord::ground::aws::dynamodb::{
    Action, Condition, DynamoDb, Item, Query, Transaction, Write, WriteOutcome, text,
};
use patchcord::ground::aws::{Aws, CallError, Credentials, LOCAL_ATTEMPT_TIME};
use patchcord::ground::clock::{ManualClock, Timestamp};
use patchcord::ground::http::client;
use serde_json::json;
use support::server::{Server, answer};

/// A status and a body.
type Canned = (u16, &'static str);

const DONE: Canned = (200, r#"{"Attributes": {"count": {"N": "1"}}}"#);
const THROTTLED: Canned = (
    400,
    r#"{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}"#,
);
const NO_TABLE: Canned = (
    400,
    r#"{"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "none"}"#,
);
const CONDITION: Canned = (
    400,
    r#"{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed", "Item": {"owner": {"S": "b"}}}"#,
);

const CONFLICT: Canned = (
    400,
    r#"{"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}"#,
);
const REFUSED_AMID_CONFLICTS: Canned = (
    400,
    r#"{"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": {"owner": {"S": "b"}}},
            {"Code": "TransactionConflict"}, {"Code": "None"}]}"#,
);
const IN_PART: Canned = (
    200,
    r#"{"Responses": {"table": [{"id": {"S": "a"}}]},
        "UnprocessedKeys": {"table": {"Keys": [{"id": {"S": "b"}}], "ConsistentRead": true}}}"#,
);
const THE_REST: Canned =
    (200, r#"{"Responses": {"table": [{"id": {"S": "b"}}]}, "UnprocessedKeys": {}}"#);

fn aws(credentials: Option<Credentials>) -> Aws {
    // 2015-08-30T12:36:00Z
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_440_938_160_000)));
    Aws::new(client().unwrap(), "eu-west-1".to_owned(), credentials, clock)
        .attempt_time(LOCAL_ATTEMPT_TIME)
}

fn dynamodb(endpoint: &str, credentials: Option<Credentials>) -> DynamoDb {
    aws(credentials).dynamodb(Some(endpoint)).unwrap()
}

fn credentials() -> Option<Credentials> {
    let token = Some("session-token".to_owned());
    Credentials::new("AKIDEXAMPLE".to_owned(), "secret".to_owned(), token)
}

fn write() -> Write<'static> {
    Write::to("table", Item::from([("id".to_owned(), text("a"))])).update("SET n = :n")
}

/// Answers with each of these in turn, the last one again and again.
async fn server(answers: &'static [Canned]) -> Server {
    let next = Arc::new(AtomicUsize::new(0));
    Server::start(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        let (status, body) = answers[index];
        async move { answer(status, body) }
    })
    .await
}

#[tokio::test]
async fn a_call_says_what_it_wants_and_who_it_is() {
    let server = server(&[DONE]).await;
    let outcome = dynamodb(&server.url, credentials()).update(&write()).await.unwrap();
    assert!(
        matches!(outcome, WriteOutcome::Done(Some(item)) if item["count"].as_number() == Some(1))
    );
    let request = server.requests().remove(0);
    let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
    assert_eq!((request.method.as_str(), request.uri.as_str()), ("POST", "/"));
    assert_eq!(header("x-amz-target"), "DynamoDB_20120810.UpdateItem");
    assert_eq!(header("content-type"), "application/x-amz-json-1.0");
    assert_eq!(header("x-amz-date"), "20150830T123600Z");
    assert_eq!(header("x-amz-security-token"), "session-token");
    assert!(server.url.ends_with(&header("host")), "the host that was signed");
    let authorization = header("authorization");
    let scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=";
    assert!(authorization.starts_with(scope), "{authorization}");
    let body =
        json!({"TableName": "table", "Key": {"id": {"S": "a"}}, "UpdateExpression": "SET n = :n"});
    assert_eq!(request.body, body);
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times_and_nothing_else() {
    const BROKEN: Canned = (500, "");
    let cases: [(&[Canned], Result<(), &str>, usize); 5] = [
        (&[THROTTLED, BROKEN, DONE], Ok(()), 3),
        (&[THROTTLED], Err("UpdateItem was refused: ThrottlingException: slow"), 3),
        (&[BROKEN], Err("UpdateItem was refused: 500 Internal Server Error"), 3),
        (&[NO_TABLE, DONE], Err("UpdateItem was refused: ResourceNotFoundException: none"), 1),
        (&[(200, "<html>"), DONE], Err("UpdateItem was answered in a form that is not its own"), 1),
    ];
    for (answers, expected, attempts) in cases {
        let server = server(answers).await;
        let result = dynamodb(&server.url, credentials()).update(&write()).await;
        assert_eq!(
            result.map(|_| ()).map_err(|error| error.to_string()),
            expected.map_err(str::to_owned)
        );
        assert_eq!(server.requests().len(), attempts, "{answers:?}");
    }
}

#[tokio::test]
async fn an_attempt_is_not_waited_for_longer_than_its_time() {
    let server = Server::start(|_| pending()).await;
    let aws = aws(credentials()).attempt_time(Duration::from_millis(20));
    let error = aws.dynamodb(Some(&server.url)).unwrap().update(&write()).await.unwrap_err();
    assert!(matches!(error, CallError::TimedOut { .. }) && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_transaction_that_meets_another_one_gets_its_turn() {
    let server = server(&[CONFLICT, CONFLICT, CONFLICT, CONFLICT, DONE]).await;
    let actions = [Action::Update(write())];
    let outcome = dynamodb(&server.url, credentials()).transact(&actions).await.unwrap();
    assert!(matches!(outcome, Transaction::Done), "{outcome:?}");
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn a_condition_nobody_looked_at_is_not_said_to_hold() {
    let server = server(&[REFUSED_AMID_CONFLICTS]).await;
    let actions = [write(), write(), write()].map(Action::Update);
    let outcome = dynamodb(&server.url, credentials()).transact(&actions).await.unwrap();
    let Transaction::Refused(conditions) = outcome else { panic!("expected a refusal") };
    let item = Item::from([("owner".to_owned(), text("b"))]);
    let expected = [Condition::Failed(Some(item)), Condition::Unknown, Condition::Held];
    assert_eq!(conditions, expected);
}

#[tokio::test]
async fn what_a_batch_leaves_out_is_asked_for_again() {
    let key = |id: &str| Item::from([("id".to_owned(), text(id))]);
    let keys = || ["a", "b", "c"].map(key).to_vec();
    let server_of = server(&[IN_PART, THE_REST]).await;
    let client = dynamodb(&server_of.url, credentials());
    assert_eq!(client.batch_get("table", keys()).await.unwrap(), [key("a"), key("b")]);
    let requests = server_of.requests();
    let asked = |keys| json!({"RequestItems": {"table": {"Keys": keys, "ConsistentRead": true}}});
    assert_eq!(
        requests[0].body,
        asked(json!([{"id": {"S": "a"}}, {"id": {"S": "b"}}, {"id": {"S": "c"}}]))
    );
    assert_eq!(requests[1].body, asked(json!([{"id": {"S": "b"}}])));

    let server = server(&[IN_PART]).await;
    let client = dynamodb(&server.url, credentials());
    let error = client.batch_get("table", keys()).await.unwrap_err();
    assert!(matches!(error, CallError::InPart { .. }) && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn reads_are_strongly_consistent() {
    const NOTHING: Canned = (200, r#"{"Items": []}"#);
    let server = server(&[NOTHING]).await;
    let client = dynamodb(&server.url, credentials());
    let key = Item::from([("id".to_owned(), text("a"))]);
    client.get(&Query::of("table").key(key)).await.unwrap();
    let one = Query::of("table").where_key("id = :id").value(":id", text("a"));
    client.query(&one).await.unwrap();
    client.scan(&Query::of("table")).await.unwrap();
    let requests = server.requests();
    let operations = ["GetItem", "Query", "Scan"];
    assert_eq!(requests.len(), operations.len());
    for (request, operation) in requests.iter().zip(operations) {
        let target = request.headers["x-amz-target"].to_str().unwrap();
        assert_eq!(target, format!("DynamoDB_20120810.{operation}"));
        assert_eq!(request.body["ConsistentRead"], true, "{operation}: {}", request.body);
    }
}

#[tokio::test]
async fn a_condition_that_is_false_is_no_error() {
    let server = server(&[CONDITION]).await;
    let outcome = dynamodb(&server.url, credentials()).update(&write()).await.unwrap();
    assert!(matches!(outcome, WriteOutcome::Refused(Some(item)) if item["owner"] == text("b")));
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = server(&[DONE]).await;
    let error = dynamodb(&server.url, None).update(&write()).await.unwrap_err();
    assert!(matches!(error, CallError::NoCredentials), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_endpoint_is_an_address() {
    let aws = aws(None);
    for wrong in ["localhost:8000", "ftp://127.0.0.1", "", "http://127.0.0.1/dynamodb"] {
        let error = aws.dynamodb(Some(wrong)).err().unwrap().to_string();
        assert!(error.contains("expected the address of a server"), "{wrong}: {error}");
    }
}
