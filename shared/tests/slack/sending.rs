//! What a bot says, and what becomes of it.

use std::sync::{Arc, Mutex};

use patchcord::chat::reply::{Button, Card, Media, Reply};
use patchcord::chat::{BotResult, Context, SendError, Sent};
use serde_json::{Value, json};

use crate::asking::{function, says};
use crate::fake::Fake;
use crate::samples::request;

#[tokio::test]
async fn what_was_said_can_be_changed_and_taken_back() {
    async fn bot(context: Context) -> BotResult {
        let Sent { message_id, .. } = context.send_text("one").await?;
        let id = message_id.unwrap();
        context.edit(&id, "two").await?;
        for _ in 0..2 {
            context.react(&id, "👍").await?;
        }
        for _ in 0..2 {
            context.unreact(&id, ":+1:").await?;
        }
        for _ in 0..2 {
            context.delete(&id).await?;
        }
        Ok(())
    }
    let fake = Fake::start().await;
    let answer = function(&fake, "", bot).await.handle(request("message")).await;
    assert_eq!((answer.status.as_u16(), answer.header("patchcord-failure")), (200, ""));
    let methods: Vec<_> = fake.called().into_iter().map(|(method, _)| method).collect();
    let add_twice = ["reactions.add", "reactions.add", "reactions.remove", "reactions.remove"];
    let expected = [&["chat.postMessage", "chat.update"], &add_twice[..], &["chat.delete"; 2]];
    assert_eq!(methods, expected.concat());
}

#[tokio::test]
async fn every_kind_is_shown_in_the_conversation() {
    let buttons = vec![Button::payload("Yes", "Y"), Button::url("Site", "https://e.com")];
    let card = Card {
        title: "Cat".to_owned(),
        image_url: Some("https://e.com/c.png".to_owned()),
        buttons: buttons.clone(),
        ..Card::default()
    };
    let replies = vec![
        Reply::text("a < b"),
        Reply::Buttons { text: "Sure?".to_owned(), buttons: buttons.clone() },
        Reply::QuickReplies { text: "Sure?".to_owned(), buttons },
        Reply::Cards { cards: vec![card.clone(), card] },
        Reply::Image(Media::url("https://e.com/c.png")),
        Reply::File(Media::url("https://e.com/f")),
        Reply::Custom { json: json!({"text": "*bold*", "unfurl_links": false}) },
        Reply::Typing { on: true },
    ];
    for (name, thread) in [("message", None), ("message in a thread", Some("1482960137.000001"))] {
        let fake = Fake::start().await;
        let answer = function(&fake, "", says(replies.clone())).await.handle(request(name)).await;
        assert_eq!(answer.header("patchcord-failure"), "", "{name}");
        let mut calls = fake.calls();
        if thread.is_some() {
            assert_eq!(calls.pop().unwrap().method, "assistant.threads.setStatus");
        }
        assert_eq!(calls.len(), replies.len() - 1, "{name}");
        for call in calls {
            assert_eq!(call.method, "chat.postMessage");
            assert_eq!(call.arguments["channel"], "C123ABC456");
            assert_eq!(call.arguments.get("thread_ts").and_then(Value::as_str), thread);
            assert_eq!(call.headers["content-type"], "application/x-www-form-urlencoded");
        }
    }
}

#[tokio::test]
async fn long_texts_are_several_messages() {
    let fake = Fake::start().await;
    let text = "word ".repeat(1_000);
    let buttons = vec![Button::payload("Yes", "Y"); 26];
    let text = text.trim().to_owned();
    let replies = vec![Reply::text(text.as_str()), Reply::Buttons { text, buttons }];
    let answer = function(&fake, "", says(replies)).await.handle(request("message")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let lengths: Vec<_> = fake.texts().iter().map(|text| text.chars().count()).collect();
    assert_eq!(lengths, [2_999, 1_999, 2_999, 1_999]);
    let called = fake.called();
    let blocks =
        |index: usize| called[index].1.get("blocks").map(|it| it.as_array().unwrap().len());
    assert_eq!([blocks(0), blocks(1), blocks(2), blocks(3)], [None, None, None, Some(3)]);
}

/// What the bot's `send_text` says of each answer, and how often Slack was asked.
#[tokio::test]
async fn slacks_answers_mean_what_is_to_be_done() {
    let error = |code: &str| json!({"ok": false, "error": code});
    let cases = [
        (
            "ok",
            200,
            json!({"ok": true, "channel": "C123ABC456", "ts": "1.1"}),
            "sent Some(\"1.1\")",
            1,
        ),
        ("archived", 200, error("is_archived"), "dropped", 1),
        ("no such channel", 200, error("channel_not_found"), "dropped", 1),
        ("not invited", 200, error("not_in_channel"), "dropped", 1),
        ("uninstalled", 200, error("account_inactive"), "dropped", 1),
        ("bad token", 200, error("invalid_auth"), "unavailable invalid_auth", 1),
        ("too long", 200, error("msg_too_long"), "refused msg_too_long", 1),
        ("no JSON", 200, json!("<html>"), "sent Some(\"1503435956.000001\")", 2),
        ("nothing there", 404, json!("<html>"), "refused status 404", 1),
        ("a right that it lacks", 200, error("missing_scope"), "unavailable missing_scope", 1),
        ("slow down", 200, error("ratelimited"), "sent Some(\"1503435956.000001\")", 2),
        ("slow down, the other way", 429, json!({}), "sent Some(\"1503435956.000001\")", 2),
        ("internal", 200, error("internal_error"), "sent Some(\"1503435956.000001\")", 2),
        ("down", 503, json!({}), "sent Some(\"1503435956.000001\")", 2),
    ];
    for (name, status, body, expected, calls) in cases {
        let fake = Fake::start().await;
        fake.next(status, "0", body);
        let became = Arc::new(Mutex::new(String::new()));
        let bot = {
            let became = Arc::clone(&became);
            move |context: Context| {
                let became = Arc::clone(&became);
                async move {
                    let result = context.send_text("hi").await;
                    *became.lock().unwrap() = match result {
                        Ok(Sent { is_dropped: true, .. }) => "dropped".to_owned(),
                        Ok(Sent { message_id, .. }) => format!("sent {message_id:?}"),
                        Err(SendError::Refused { reason }) => format!("refused {reason}"),
                        Err(SendError::Unavailable { reason }) => {
                            format!("unavailable {reason}")
                        }
                        Err(other) => format!("{other:?}"),
                    };
                    BotResult::Ok(())
                }
            }
        };
        function(&fake, "", bot).await.handle(request("message")).await;
        assert_eq!(*became.lock().unwrap(), expected, "{name}");
        assert_eq!(fake.calls().len(), calls, "{name}");
    }
}

#[tokio::test]
async fn a_bot_may_speak_without_having_been_asked() {
    let fake = Fake::start().await;
    let settings = "default_channel: C7, send: {token: k3y}";
    let function = function(&fake, settings, says(Vec::new())).await;
    let ask = async |body: Value| {
        let request =
            http::Request::post("/webhooks/team/send").header("authorization", "Bearer k3y");
        let answer = function.handle(request.body(body.to_string().into()).unwrap()).await;
        (answer.status.as_u16(), answer.json())
    };
    let text = json!({"type": "text", "text": "hi"});
    let (status, sent) = ask(json!({"reply": text})).await;
    assert_eq!((status, &sent["message_id"]), (200, &json!("1503435956.000001")));
    // To a user: the message is in a channel of its own, and can be changed there.
    let user = json!({"room": "U5"});
    let (_, sent) = ask(json!({"target": user, "reply": text})).await;
    assert_eq!(sent["message_id"], "DU5/1503435956.000002");
    let edit = json!({"type": "edit", "message_id": sent["message_id"], "text": "hello"});
    assert_eq!(ask(json!({"target": user, "reply": edit})).await.0, 200);
    assert_eq!(fake.called()[2].1["channel"], "DU5");
    let (status, sent) = ask(json!({"target": {"room": "UGONE"}, "reply": text})).await;
    assert_eq!((status, &sent["dropped"]), (200, &json!(true)));
    let wrong = json!({"type": "reaction", "message_id": "9.9", "emoji": "🦖"});
    let (status, problem) = ask(json!({"target": user, "reply": wrong})).await;
    assert_eq!(
        (status, problem["detail"].as_str().unwrap()),
        (422, "the platform refuses it: invalid_name")
    );
}
