//! What a bot is not asked, and what nobody hears, is counted.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use bytes::Bytes;
use http::Request;
use patchcord_tests::Stack;
use patchcord_tests::server::FakeServer;
use patchcord_tests::stack::StackOptions;
use serde_json::{Value, json};

/// Sends an event to a channel, which acknowledges it.
async fn tell(stack: &Stack, channel: &str, event: &Value) {
    let request = Request::post(format!("/webhooks/{channel}/webhook"))
        .header("x-telegram-bot-api-secret-token", "s3cret")
        .body(Bytes::from(event.to_string()));
    let answer = stack.lambda.http(request.unwrap()).await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{event}: {:?}", answer.body());
}

#[tokio::test]
async fn what_is_dropped_repeated_ignored_or_malformed_is_counted() {
    let gone = FakeServer::start(0, |_| (410, "{}".to_owned())).await;
    let config = format!(
        "bot: {{type: echo}}\nchannels:\n  \
         site: {{type: callback, delivery: inline, public: true, url: '{}'}}\n  \
         chat: {{type: telegram, delivery: inline, token: '1:a', secret_token: s3cret}}\n",
        gone.url()
    );
    let options = StackOptions { config: &config, ..StackOptions::default() };
    let stack = Stack::start(options).await;
    let said = json!({"sender": "ada", "message": "hi", "message_id": "1"});
    for (metric, channel, event) in [
        ("DroppedReplies", "site", said.clone()),
        ("DuplicateEvents", "site", said),
        ("IgnoredEvents", "chat", json!({"update_id": 1, "of_a_later_version": {}})),
        ("MalformedEvents", "chat", json!({"update_id": 2, "message": {}})),
    ] {
        assert!(!stack.log().contains(metric), "{metric} too early:\n{}", stack.log());
        tell(&stack, channel, &event).await;
        let log = stack.log_with(&format!("\"{metric}\":1")).await;
        let line = log.lines().find(|line| line.contains(&format!("\"{metric}\":1"))).unwrap();
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["channel"], channel, "{line}");
    }
}
