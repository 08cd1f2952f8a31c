//! Requests with several events, or with one whose session cannot be had.

use std::time::Duration;

use patchcord::chat::Bot;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::batch::{self, Batch, Trouble};
use crate::support::function::{Function, post};
use crate::{INVOCATION, obedient};

async fn batch(connector: Batch, bot: impl Bot) -> Function {
    let mut function = batch::batch(connector, bot).await;
    function.invocation = INVOCATION;
    function
}

#[tokio::test(start_paused = true)]
async fn an_event_without_a_session_runs_without_a_state() {
    let function = batch(Batch::default(), obedient).await;
    for _ in 0..2 {
        let answer = function.handle(post("/webhooks/batch/webhook", &json!([["", "hi"]]))).await;
        assert_eq!(answer.json(), json!([{"to": "", "text": "1"}]));
    }
    let answer = function.handle(post("/webhooks/batch/webhook", &json!([["", "fail"]]))).await;
    assert_eq!(answer.header("patchcord-failure"), "bot-failed");
    assert_eq!(answer.json(), json!([{"to": "", "text": "1"}]));
}

#[tokio::test(start_paused = true)]
async fn a_failed_update_frees_the_session() {
    for (trouble, status) in [
        (Trouble::Fails { retryable: true }, 503),
        (Trouble::Fails { retryable: false }, 500),
        (Trouble::Panics, 500),
        (Trouble::Hangs, 503),
    ] {
        let function = batch(Batch::with(trouble), obedient).await;
        let body = json!([["ada", "hi"]]);
        let start = Instant::now();
        let failed = function.handle(post("/webhooks/batch/webhook", &body)).await;
        assert_eq!(failed.status.as_u16(), status, "{trouble:?}");
        assert!(start.elapsed() <= INVOCATION / 2, "{trouble:?}: no time is left for the bot");
        assert!(!failed.body.contains("secret"), "{}", failed.body);
        let start = Instant::now();
        let answer = function.handle(post("/webhooks/batch/webhook", &body)).await;
        assert_eq!(answer.json(), json!([{"to": "ada", "text": "1"}]));
        assert_eq!(start.elapsed(), Duration::ZERO, "nobody had to wait for the lease to end");
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_repetition_keeps_its_order_and_holds_up_nobody_else() {
    let trouble = Trouble::Fails { retryable: true };
    let function = batch(Batch::with(trouble), obedient).await;
    let send = |pairs: Value| function.handle(post("/webhooks/batch/webhook", &pairs));
    let first = send(json!([["ada", "hi"], ["ada", "hi"], ["bob", "hi"]])).await;
    assert_eq!(first.status.as_u16(), 503);
    let ada = send(json!([["ada", "hi"]])).await;
    assert_eq!(ada.json(), json!([{"to": "ada", "text": "1"}]), "neither was answered");
    let bob = send(json!([["bob", "hi"]])).await;
    assert_eq!(bob.json(), json!([{"to": "bob", "text": "2"}]), "he was answered");
}

#[tokio::test(start_paused = true)]
async fn an_event_for_which_there_is_no_time_is_left_for_its_repetition() {
    let function = batch(Batch::default(), obedient).await;
    let send = |pairs: Value| function.handle(post("/webhooks/batch/webhook", &pairs));
    let out_of_time = send(json!([["ada", "slower"], ["bob", "hang"], ["cyd", "hi"]])).await;
    assert_eq!(out_of_time.status.as_u16(), 503, "{}", out_of_time.body);
    assert!(
        out_of_time.body.contains("not enough of the invocation's time is left"),
        "{}",
        out_of_time.body
    );
    let start = Instant::now();
    let cyd = send(json!([["cyd", "hi"]])).await;
    assert_eq!(cyd.json(), json!([{"to": "cyd", "text": "1"}]));
    assert_eq!(start.elapsed(), Duration::ZERO, "the session was freed");
}

#[tokio::test(start_paused = true)]
async fn every_event_of_a_request_is_answered_in_order() {
    let function = batch(Batch::default(), obedient).await;
    let body = json!([["ada", "hi"], ["bob", "fail"], ["ada", "hi"], ["", "hi"]]);
    let answer = function.handle(post("/webhooks/batch/webhook", &body)).await;
    let expected = json!([
        {"to": "ada", "text": "1"},
        {"to": "bob", "text": "1"},
        {"to": "ada", "text": "2"},
        {"to": "", "text": "1"},
    ]);
    assert_eq!(
        (answer.json(), answer.header("patchcord-failure")),
        (expected.clone(), "bot-failed")
    );

    let function = batch(Batch::default(), obedient).await;
    let answer = function.handle(post("/webhooks/batch/webhook?stream", &body)).await;
    let lines: Vec<Value> =
        answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Value::Array(lines), expected);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_cannot_be_answered_does_not_stop_the_others() {
    let function = batch(Batch::with(Trouble::Fails { retryable: true }), obedient).await;
    let body = json!([["ada", "hi"], ["bob", "hi"]]);
    let failed = function.handle(post("/webhooks/batch/webhook", &body)).await;
    assert_eq!(failed.status.as_u16(), 503, "so that the platform sends it again");
    let answer = function.handle(post("/webhooks/batch/webhook", &body)).await;
    let expected = json!([{"to": "ada", "text": "1"}, {"to": "bob", "text": "2"}]);
    assert_eq!(answer.json(), expected, "Bob was answered the first time, too");
}

#[tokio::test(start_paused = true)]
async fn a_request_without_events_is_answered_with_nothing() {
    let function = batch(Batch::default(), obedient).await;
    for path in ["/webhooks/batch/webhook", "/webhooks/batch/webhook?stream"] {
        let answer = function.handle(post(path, &json!([]))).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
    }
}
