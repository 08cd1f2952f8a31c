//! What comes of events, and the webhooks that replies become.

use std::collections::BTreeSet;

use patchcord::bots::Echo;
use patchcord::chat::{BotResult, Context};
use patchcord::connectors::registry::ChannelSettings;
use patchcord::connectors::standard_webhook::{StandardWebhookConnector, WebhookType};
use patchcord::ground::http::client;
use serde_json::{Value, json};

use super::*;
use crate::support::function::post;
use crate::support::worker::answer_later;

/// Says what it knows of an event.
async fn tell(context: Context) -> BotResult {
    let event = context.event();
    let named = event.extensions.get::<WebhookType>().map(|WebhookType(name)| name.clone());
    let known = json!({
        "platform": event.platform, "id": event.id, "sender": event.sender.id, "type": named,
        "text": event.text(), "payload": event.payload(), "metadata": event.metadata,
        "timestamp": event.timestamp.as_secs(), "body": event.raw,
    });
    context.send_custom(known).await?;
    Ok(())
}

async fn told(crm: &Crm, name: &str) -> Vec<Value> {
    assert_eq!(crm.ask(&signed(name)).await.status.as_u16(), 200, "{name}");
    let posts = crm.receiver.take_posts();
    posts.iter().map(|post| post.json()["data"]["custom"].clone()).collect()
}

#[tokio::test]
async fn a_reply_is_what_the_specifications_library_would_sign() {
    for (answer, settings, name) in [
        ("channel", String::new(), "reply"),
        ("answer", format!("answer_key: '{}'", key("answer")), "reply with another key"),
    ] {
        let crm = Crm::with_keys(&["channel", "old"], answer, &settings, Echo).await;
        crm.ask(&signed("hello")).await;
        let (posts, expected) = (crm.receiver.take_posts(), signed(name));
        assert_eq!((posts.len(), posts[0].status), (1, 204), "{name}");
        assert_eq!(posts[0].text, expected.body, "{name}");
        assert_eq!(posts[0].header("webhook-id"), expected.id, "{name}");
        assert_eq!(posts[0].header("webhook-timestamp"), expected.at, "{name}");
        assert_eq!(posts[0].header("webhook-signature"), expected.signature, "{name}");
        assert_eq!(posts[0].header("authorization"), "", "{name}");
    }
}

#[tokio::test]
async fn a_reply_names_its_thread_and_what_it_answers_if_there_are_such() {
    let crm = Crm::start("send: {token: s3nd}", Echo).await;
    let thread = json!({"recipient_id": "r", "thread": "1", "text": "hi"});
    let room = json!({"recipient_id": "r", "text": "hi"});
    for (target, expected) in
        [(json!({"room": "r", "thread": "1"}), thread), (json!({"room": "r"}), room)]
    {
        let body = json!({"target": target, "reply": {"type": "text", "text": "hi"}});
        let mut request = post("/webhooks/crm/send", &body);
        request.headers_mut().insert("authorization", "Bearer s3nd".parse().unwrap());
        assert_eq!(crm.function.handle(request).await.status.as_u16(), 200, "{target}");
        assert_eq!(crm.receiver.take_posts()[0].json()["data"], expected, "{target}");
    }
}

#[tokio::test]
async fn a_receiver_gets_its_token() {
    let crm = Crm::start("token: r3ceiver", Echo).await;
    crm.ask(&signed("hello")).await;
    assert_eq!(crm.receiver.take_posts()[0].header("authorization"), "Bearer r3ceiver");
}

#[tokio::test]
async fn both_usual_shapes_are_understood_without_settings() {
    let crm = Crm::start("", tell).await;
    let hello = &told(&crm, "hello").await[0];
    assert_eq!((&hello["platform"], &hello["id"]), (&json!("standard-webhook"), &json!("msg_1")));
    assert_eq!((&hello["sender"], &hello["text"]), (&json!("ada"), &json!("hello")));
    assert_eq!(
        (&hello["type"], &hello["timestamp"]),
        (&json!("message.created"), &json!(NOW / 1000 - 20))
    );
    let crm = Crm::start("", tell).await;
    let rest = &told(&crm, "rest").await[0];
    assert_eq!((&rest["sender"], &rest["text"]), (&json!("ada"), &json!("hello")));
    assert_eq!((&rest["type"], &rest["metadata"]), (&Value::Null, &json!({"lang": "en"})));
    assert_eq!(rest["timestamp"], NOW / 1000, "when it came");
    assert_eq!(told(&crm, "paid").await, Vec::<Value>::new(), "without words it is ignored");
}

#[tokio::test]
async fn types_that_are_named_reach_the_bot_and_others_do_not() {
    let settings = "types: [invoice.paid], fields: {sender: data.customer}";
    let crm = Crm::start(settings, tell).await;
    assert_eq!(told(&crm, "hello").await, Vec::<Value>::new());
    let paid = &told(&crm, "paid").await[0];
    assert_eq!((&paid["type"], &paid["sender"]), (&json!("invoice.paid"), &json!("42")));
    assert_eq!(paid["body"]["data"]["amount"], 3);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_what_was_expected() {
    let crm = Crm::start("types: [message.created]", Echo).await;
    for (name, expected) in [
        ("not json", "expected JSON (line 1, column 1)"),
        ("no sender", "sender: expected a text or a number at `data.sender`"),
    ] {
        let answer = crm.ask(&signed(name)).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["detail"]), (400, &json!(expected)));
    }
    assert_eq!(crm.ask(&signed("a list")).await.status.as_u16(), 200, "ignored");
    assert!(crm.receiver.take_posts().is_empty());
}

#[tokio::test]
async fn whoever_says_410_gets_no_more_of_the_reply() {
    let crm = Crm::start("", Echo).await;
    crm.receiver.will_answer(&[(410, None), (410, None)]);
    let answer = crm.ask(&signed("hello")).await;
    assert_eq!((answer.status.as_u16(), answer.header("patchcord-failure")), (200, ""));
    assert_eq!(crm.receiver.take_posts().len(), 1, "it is not repeated");
}

#[tokio::test]
async fn a_reply_that_is_tried_again_has_the_same_id_and_a_right_signature() {
    let crm = Crm::start("", Echo).await;
    crm.receiver.will_answer(&[(503, Some("0")), (429, Some("0"))]);
    crm.ask(&signed("hello")).await;
    let posts = crm.receiver.take_posts();
    assert_eq!(posts.iter().map(|post| post.status).collect::<Vec<_>>(), [503, 429, 204]);
    let ids: BTreeSet<_> = posts.iter().map(|post| post.header("webhook-id")).collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn the_type_survives_the_queue() {
    let receiver = Receiver::start(Demands::default()).await;
    let settings = json!({"keys": [key("channel")], "url": receiver.url});
    let settings = ChannelSettings::new("crm", settings, Stage::Local, client().unwrap());
    let connector = StandardWebhookConnector::from_settings(&settings).unwrap();
    answer_later("crm", connector, &request(&signed("hello")), tell).await;
    assert_eq!(receiver.take_posts()[0].json()["data"]["custom"]["type"], "message.created");
}
