//! What only Meta's platforms can do.

use patchcord::chat::{BotResult, Connector as _, Context, Event, Media, SendError};
use patchcord::connectors::meta::{
    MediaKind, MetaConnector, MetaContext as _, MetaEvent, Platform,
};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::connectors::rest::RestConnector;
use patchcord::ground::http::client;
use serde_json::{Value, json};

use crate::graph::Graph;
use crate::support::function::{Function, post};
use crate::{ACCESS_TOKEN, APP_SECRET, PSID, VERIFY_TOKEN, function, webhook};

#[tokio::test]
async fn a_bot_marks_as_seen_hands_over_and_uploads() {
    async fn bot(context: Context) -> BotResult {
        context.mark_seen().await?;
        context.take_thread_control("mine").await?;
        context.request_thread_control("please").await?;
        context.pass_thread_control("263902037430900", "a refund").await?;
        context.release_thread_control().await?;
        let logo = Media::url("https://example.com/logo.png");
        let id = context.upload(MediaKind::Image, &logo).await?;
        context.send(patchcord::chat::Reply::Image(Media::id(id))).await?;
        Ok(())
    }
    let graph = Graph::start(Platform::Messenger).await;
    let answer = function(&graph.url, bot).await.handle(webhook("messenger", "text.json")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let calls: Vec<(String, Value)> =
        graph.calls().into_iter().map(|call| (call.path, call.body)).collect();
    let recipient = json!({ "id": PSID });
    let image = |payload: Value| json!({"attachment": {"type": "image", "payload": payload}});
    let expected = [
        ("me/messages", json!({"recipient": recipient, "sender_action": "mark_seen"})),
        ("me/take_thread_control", json!({"recipient": recipient, "metadata": "mine"})),
        ("me/request_thread_control", json!({"recipient": recipient, "metadata": "please"})),
        (
            "me/pass_thread_control",
            json!({
                "recipient": recipient, "target_app_id": "263902037430900", "metadata": "a refund",
            }),
        ),
        ("me/release_thread_control", json!({"recipient": recipient})),
        (
            "me/message_attachments",
            json!({"message": image(
                json!({"is_reusable": true, "url": "https://example.com/logo.png"}),
            )}),
        ),
        (
            "me/messages",
            json!({
                "recipient": recipient, "messaging_type": "RESPONSE",
                "message": image(json!({"attachment_id": "1857777774821032"})),
            }),
        ),
    ];
    assert_eq!(calls, expected.map(|(path, body)| (path.to_owned(), body)));
}

#[tokio::test]
async fn what_is_uploaded_already_is_refused() {
    async fn bot(context: Context) -> BotResult {
        match context.upload(MediaKind::Image, &Media::id("1")).await {
            Err(SendError::Refused { .. }) => {}
            other => panic!("{other:?}"),
        }
        let odd = Media::data("a", "no type", "a");
        match context.upload(MediaKind::File, &odd).await {
            Err(SendError::Refused { .. }) => Ok(()),
            other => panic!("{other:?}"),
        }
    }
    let graph = Graph::start(Platform::Messenger).await;
    let answer = function(&graph.url, bot).await.handle(webhook("messenger", "text.json")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    assert!(graph.calls().is_empty());
}

#[tokio::test]
async fn what_is_special_survives_the_queue() {
    let settings = json!({
        "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "access_token": ACCESS_TOKEN,
    });
    let settings = ChannelSettings::new("m", settings, Stage::Deployed, client().unwrap());
    let connector = MetaConnector::messenger(&settings).unwrap();
    for name in ["messenger.json", "standby.json"] {
        let received = connector.map_request(&webhook("m", name)).await.unwrap();
        assert!(!received.events.is_empty());
        for mut event in received.events {
            connector.extend_event(&mut event);
            let before = event.extensions.get::<MetaEvent>().unwrap().clone();
            let waiting = serde_json::to_string(&event).unwrap();
            let mut event: Event = serde_json::from_str(&waiting).unwrap();
            connector.extend_event(&mut event);
            let after = event.extensions.get::<MetaEvent>();
            assert!(after == Some(&before), "{:?}", event.id);
        }
    }
}

#[tokio::test]
async fn elsewhere_there_is_nothing_of_it() {
    async fn bot(context: Context) -> BotResult {
        let refused = context.mark_seen().await.unwrap_err();
        context.send_text(refused.to_string()).await?;
        Ok(())
    }
    let settings = ChannelSettings::new("rest", json!({}), Stage::Local, client().unwrap());
    let rest = RestConnector::from_settings(&settings).unwrap();
    let function = Function::start(|setup| setup.channel("rest", rest).bot(bot)).await;
    let hello = json!({"sender": "ada", "message": "hello"});
    let answer = function.handle(post("/webhooks/rest/webhook", &hello)).await.json();
    assert_eq!(answer[0]["text"], "the platform refuses it: this is not a channel of Meta");
}
