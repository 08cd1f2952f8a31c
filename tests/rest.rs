//! The REST channel through real function processes and a real store.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use http::StatusCode;
use patchcord_local::runtime_api::{LambdaError, url_event};
use patchcord_tests::Stack;
use patchcord_tests::request::{message, message_with_id, only_text, post, raw, send};
use patchcord_tests::stack::StackOptions;
use serde_json::json;

const WEBHOOK: &str = "/webhooks/rest/webhook";

#[tokio::test]
async fn a_message_is_answered_and_the_conversation_has_a_state() {
    let stack = Stack::echo().await;
    let answer = send(&stack.lambda, message("user1", "hello")).await;
    assert_eq!(answer.body, json!([{ "recipient_id": "user1", "text": "1: hello" }]));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(only_text(&send(&stack.lambda, message("user1", "again")).await), "2: again");
    assert_eq!(only_text(&send(&stack.lambda, message("user2", "hello")).await), "1: hello");
}

#[tokio::test]
async fn health_is_answered_with_and_without_the_last_slash() {
    let stack = Stack::echo().await;
    for path in ["/webhooks/rest/", "/webhooks/rest"] {
        let answer = send(&stack.lambda, raw("GET", path, "")).await;
        assert_eq!((answer.status, answer.body), (StatusCode::OK, json!({ "status": "ok" })));
    }
}

#[tokio::test]
async fn the_same_message_id_gets_the_same_answer_and_runs_the_bot_once() {
    let stack = Stack::echo().await;
    let first = send(&stack.lambda, message_with_id("ada", "hello", "m1")).await;
    let again = send(&stack.lambda, message_with_id("ada", "hello", "m1")).await;
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("patchcord-duplicate"), Some("repeated"));
    assert_eq!(first.header("patchcord-duplicate"), None);
    let next = send(&stack.lambda, message_with_id("ada", "hello", "m2")).await;
    assert_eq!(only_text(&next), "2: hello");
    let streamed = raw("POST", "/webhooks/rest/webhook?stream=true", {
        json!({ "sender": "ada", "message": "hello", "message_id": "m1" }).to_string()
    });
    let lines = stack.lambda.http(streamed).await.unwrap().into_body();
    assert_eq!(lines, "{\"recipient_id\":\"ada\",\"text\":\"1: hello\"}\n");
}

#[tokio::test]
async fn a_stream_has_one_json_object_on_each_line() {
    let stack = Stack::echo().await;
    for (query, sender) in [("stream=true", "a"), ("stream=TRUE", "b")] {
        let body = json!({ "sender": sender, "message": "one\n\ntwo" });
        let request = post(&format!("{WEBHOOK}?{query}"), &body);
        let stream = stack.lambda.http_stream(request).await.unwrap();
        assert!(stream.streamed);
        assert_eq!(stream.headers["content-type"], "text/event-stream");
        let body = stream.chunks.collect().await.unwrap();
        let lines: Vec<serde_json::Value> = String::from_utf8(body.to_vec())
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let line = |text: &str| json!({ "recipient_id": sender, "text": text });
        assert_eq!(lines, [line("1: one"), line("two")]);
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_does_not_end_the_process() {
    let stack = Stack::echo().await;
    let mut event = url_event(&message("ada", "hello"));
    event["isBase64Encoded"] = json!(true); // and the body is none
    let answer = stack.lambda.invoke(event.to_string()).await;
    assert!(matches!(answer, Err(LambdaError::Function { .. })), "{answer:?}");
    assert_eq!(only_text(&send(&stack.lambda, message("ada", "hello")).await), "1: hello");
    assert_eq!(stack.lambda.instances_started(), 1, "the process had to be replaced");
}

#[tokio::test]
async fn behind_a_buffered_function_url_everything_comes_in_one_piece() {
    let env = vec![("PATCHCORD_RESPONSE_MODE", "buffered".to_owned())];
    let stack = Stack::start(StackOptions { env, ..StackOptions::default() }).await;
    let body = json!({ "sender": "ada", "message": "one\n\ntwo" });
    for (path, text) in [
        (
            WEBHOOK,
            r#"[{"recipient_id":"ada","text":"1: one"},{"recipient_id":"ada","text":"two"}]"#,
        ),
        (
            "/webhooks/rest/webhook?stream=true",
            "{\"recipient_id\":\"ada\",\"text\":\"2: one\"}\n{\"recipient_id\":\"ada\",\"text\":\"two\"}\n",
        ),
    ] {
        let answer = stack.lambda.http_stream(post(path, &body)).await.unwrap();
        assert!(!answer.streamed, "{path}");
        assert_eq!(answer.chunks.collect().await.unwrap(), text);
    }
}

#[tokio::test]
async fn bad_input_is_told_what_was_expected_and_changes_nothing() {
    let stack = Stack::echo().await;
    assert_eq!(only_text(&send(&stack.lambda, message("default", "hello")).await), "1: hello");
    let large = json!({ "message": "x".repeat(1_000_001) }).to_string();
    let long_sender = json!({ "message": "hi", "sender": "x".repeat(3000) }).to_string();
    let cases = [
        ("no body", raw("POST", WEBHOOK, ""), 400, "expected a JSON body"),
        ("not JSON", raw("POST", WEBHOOK, "hello"), 400, "expected JSON (line 1, column 1)"),
        ("not an object", raw("POST", WEBHOOK, "[]"), 400, "expected a JSON object"),
        (
            "no message",
            raw("POST", WEBHOOK, "{}"),
            400,
            r#"message: expected a text, such as "hello""#,
        ),
        (
            "wrong type",
            raw("POST", WEBHOOK, r#"{"message":[]}"#),
            400,
            r#"message: expected a text, such as "hello""#,
        ),
        ("too large", raw("POST", WEBHOOK, large), 413, "expected a body of 1000000 bytes at most"),
        ("long sender", raw("POST", WEBHOOK, long_sender), 400, "2048 bytes at most"),
        ("channel", raw("POST", "/webhooks/nope/webhook", "{}"), 404, "a configured channel"),
        ("path", raw("GET", "/nope", ""), 404, "expected /webhooks/{channel}/"),
        ("GET", raw("GET", WEBHOOK, ""), 405, "expected POST"),
        ("PUT", raw("PUT", WEBHOOK, "{}"), 405, "expected POST"),
        ("POST", raw("POST", "/webhooks/rest/", "{}"), 405, "expected GET"),
    ];
    for (name, request, status, detail) in cases {
        let answer = send(&stack.lambda, request).await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.body);
        assert_eq!(answer.body["status"], status, "{name}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{name}");
        let found = answer.body["detail"].as_str().unwrap();
        assert!(found.contains(detail), "{name}: expected {detail}, found {found}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{name}");
    }
    assert_eq!(only_text(&send(&stack.lambda, message("default", "again")).await), "2: again");
}

#[tokio::test]
async fn only_those_with_the_token_get_in_and_no_log_shows_it_or_what_was_said() {
    let stack = Stack::start(StackOptions {
        config: "channels: {rest: {type: rest, auth: {token: '${env:TOKEN}'}}}\nbot: {type: echo}",
        env: vec![
            ("TOKEN", "s3cret-t0ken".to_owned()),
            ("PATCHCORD_LOCAL", String::new()),
            ("AWS_LAMBDA_LOG_LEVEL", "TRACE".to_owned()),
        ],
        ..StackOptions::default()
    })
    .await;
    let refused = send(&stack.lambda, message("ada", "my-private-words")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    let with_token = |token: &str| {
        let mut request = message("ada", "my-private-words");
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    };
    let wrong = send(&stack.lambda, with_token("wr0ng-t0ken")).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let right = send(&stack.lambda, with_token("s3cret-t0ken")).await;
    assert_eq!(only_text(&right), "1: my-private-words");
    // Malformed input, too, so that the error path has logged.
    let mut malformed = raw("POST", WEBHOOK, r#"{"message": "my-private-words", "sender": []}"#);
    malformed.headers_mut().insert("authorization", "Bearer s3cret-t0ken".parse().unwrap());
    assert_eq!(send(&stack.lambda, malformed).await.status, StatusCode::BAD_REQUEST);

    let log = stack.log_with("sender: expected a text or a number").await;
    assert!(log.contains("request refused"), "{log}");
    for private in ["my-private-words", "s3cret-t0ken", "wr0ng-t0ken"] {
        assert!(!log.contains(private), "the log shows {private}:\n{log}");
    }
}
