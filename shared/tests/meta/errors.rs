//! What becomes of a reply that Meta does not take.

use http::HeaderValue;
use patchcord::bots::Echo;
use patchcord::connectors::meta::Platform;
use serde_json::{Value, json};

use crate::graph::Graph;
use crate::support::function::{Answer, Function, post};
use crate::{ACCESS_TOKEN, PSID, channel, configured, function, webhook};

/// Says something to somebody who has not asked.
async fn send(function: &Function, person: &str, reply: Value) -> Answer {
    let body = json!({ "target": { "room": person }, "reply": reply });
    let mut request = post("/webhooks/messenger/send", &body);
    request.headers_mut().insert("authorization", HeaderValue::from_static("Bearer k3y"));
    function.handle(request).await
}

#[tokio::test]
async fn each_error_has_its_consequence() {
    for (person, status, expected, posts) in [
        (PSID, 200, r#""dropped":false"#, 1),
        ("blocked", 200, r#""dropped":true"#, 1),
        ("deactivated", 200, r#""dropped":true"#, 1),
        ("nobody", 200, r#""dropped":true"#, 1),
        ("quiet", 200, r#""dropped":true"#, 1),
        ("late", 422, "outside of the 24 hours", 1),
        ("unreviewed", 422, "error 200, subcode 2018028", 1),
        ("hasty", 200, r#""message_id":"m_1""#, 2),
        ("unlucky", 200, r#""message_id":"m_1""#, 2),
        ("weary", 200, r#""message_id":"m_1""#, 2),
    ] {
        let graph = Graph::start(Platform::Messenger).await;
        let function = function(&graph.url, Echo).await;
        let answer = send(&function, person, json!({"type": "text", "text": "hi"})).await;
        assert_eq!(answer.status.as_u16(), status, "{person}: {}", answer.body);
        assert!(answer.body.contains(expected), "{person}: {}", answer.body);
        assert!(!answer.body.contains("what was sent"), "{person}: {}", answer.body);
        assert_eq!(graph.calls().len(), posts, "{person}");
    }
}

#[tokio::test]
async fn who_was_not_asked_says_an_update_unless_the_bot_says_more() {
    let graph = Graph::start(Platform::Messenger).await;
    let function = function(&graph.url, Echo).await;
    send(&function, PSID, json!({"type": "text", "text": "hi"})).await;
    function.handle(webhook("messenger", "text.json")).await;
    let tagged = json!({
        "message": {"text": "A person answers."}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT",
    });
    let answer = send(&function, PSID, json!({"type": "custom", "json": tagged})).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let elsewhere = json!({"recipient": {"id": "psid-1"}, "message": {"text": "To another."}});
    send(&function, PSID, json!({"type": "custom", "json": elsewhere})).await;
    assert_eq!(graph.bodies()[3]["recipient"], json!({"id": "psid-1"}), "as the bot says");
    let types: Vec<_> = graph.bodies().iter().map(|it| it["messaging_type"].clone()).collect();
    assert_eq!(types, ["UPDATE", "RESPONSE", "MESSAGE_TAG", "UPDATE"]);
}

#[tokio::test]
async fn a_wrong_token_is_the_bots_failure_and_shows_nothing() {
    let graph = Graph::start(Platform::Messenger).await;
    let more = format!(", api_url: '{}', send: {{token: k3y}}", graph.url);
    for line in [
        channel("messenger", &more).replace(ACCESS_TOKEN, "EAAG-wr0ng"),
        channel("messenger", &(more.clone() + ", appsecret_proof: false")),
        channel("messenger", &(more.clone() + ", api_version: v2.6")),
    ] {
        let config = configured(&line).await.unwrap();
        let function = Function::start_with(config, |setup| setup.bot(Echo)).await;
        let answer = function.handle(webhook("messenger", "text.json")).await;
        assert_eq!(answer.header("patchcord-failure"), "bot-failed");
        let answer = send(&function, PSID, json!({"type": "text", "text": "hi"})).await;
        assert!([422, 502].contains(&answer.status.as_u16()), "{}", answer.body);
        assert!(!answer.body.contains("EAAG"), "{}", answer.body);
    }
    assert!(graph.calls().is_empty());
}

#[tokio::test]
async fn nobody_at_the_other_end_is_tried_again_later() {
    let function = function("http://127.0.0.1:9", Echo).await;
    let answer = send(&function, PSID, json!({"type": "text", "text": "hi"})).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    assert!(!answer.body.contains("127.0.0.1"), "{}", answer.body);
}
