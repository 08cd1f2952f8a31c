//! What bots say arrives, as Telegram takes it.

use std::time::Duration;

use patchcord::bots::Echo;
use patchcord::chat::reply::Card;
use patchcord::chat::{BotResult, Button, Context, Sent};
use serde_json::{Value, json};

use super::fake::{BLOCKED, CHANNEL, FORUM, TOKEN, TOPIC, Telegram, UPGRADED, USER};
use super::harness::{function, function_with, send, text, update};

/// Every kind of reply, each of them accepted by a Telegram that is strict.
async fn everything(context: Context) -> BotResult {
    context.typing(Duration::from_millis(1)).await?;
    let Sent { message_id, .. } = context.send_text("hi").await?;
    let id = message_id.ok_or("no id")?;
    context.edit(&id, "hello").await?;
    context.react(&id, "👍").await?;
    context.react(&id, "❤\u{fe0f}").await?;
    context.unreact(&id, "❤\u{fe0f}").await?;
    let buttons = || vec![Button::payload("Yes", "Y"), Button::url("Site", "https://e.com")];
    context.send_buttons("Sure?", buttons()).await?;
    context.send_quick_replies("Which?", vec![Button::payload("Red", "Red")]).await?;
    context.send_image("https://e.com/c.png").await?;
    context.send_file("https://e.com/r.pdf").await?;
    context.send_video("https://e.com/v.mp4").await?;
    context.send_audio("https://e.com/a.mp3").await?;
    let card = Card {
        title: "Cat".to_owned(),
        image_url: Some("https://e.com/c.png".to_owned()),
        buttons: buttons(),
        ..Card::default()
    };
    context.send_cards(vec![card]).await?;
    let sent = context.send_custom(json!({ "method": "sendDice", "emoji": "🎲" })).await?;
    context.delete(sent.message_id.ok_or("no id")?).await?;
    Ok(())
}

#[tokio::test]
async fn every_kind_of_reply_is_taken() {
    let telegram = Telegram::start().await;
    let function = function(&telegram, everything).await;
    let answer = function.handle(update(&text(1, "go"))).await;
    assert_eq!((answer.status.as_u16(), answer.header("patchcord-failure")), (200, ""));
    let said =
        ["hello", "Sure?", "Which?", "photo: ", "document: ", "video: ", "audio: ", "photo: Cat"];
    assert_eq!(telegram.texts(USER), said);
    let asked = telegram.asked();
    assert!(asked.iter().all(|it| it.token == TOKEN && it.params["chat_id"] == USER), "{asked:?}");
    let methods: Vec<_> = asked.iter().map(|it| &*it.method).collect();
    let first = ["sendChatAction", "sendMessage", "editMessageText", "setMessageReaction"];
    assert_eq!((&methods[..4], methods.len()), (&first[..], 15), "typing ends by itself");
}

#[tokio::test]
async fn where_there_is_no_keyboard_suggestions_are_below_the_message() {
    async fn suggest(context: Context) -> BotResult {
        context.send_quick_replies("Which?", vec![Button::payload("Red", "Red")]).await?;
        Ok(())
    }
    let post = json!({ "update_id": 1, "channel_post": {
        "date": 1_441_645_532, "message_id": 9, "text": "go",
        "chat": { "id": CHANNEL, "type": "channel" },
        "sender_chat": { "id": CHANNEL, "type": "channel" },
    } });
    let telegram = Telegram::start().await;
    let answer = function(&telegram, suggest).await.handle(update(&post)).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    assert_eq!(telegram.texts(CHANNEL), ["Which?"]);
    let expected = json!({ "inline_keyboard": [[{ "text": "Red", "callback_data": "Red" }]] });
    assert_eq!(telegram.asked()[1].params["reply_markup"], expected);
}

#[tokio::test]
async fn long_texts_are_several_messages() {
    async fn talk(context: Context) -> BotResult {
        context.send_text("😀 ".repeat(3000)).await?;
        context.send_buttons("word ".repeat(1000), vec![Button::payload("Yes", "Y")]).await?;
        Ok(())
    }
    let telegram = Telegram::start().await;
    function(&telegram, talk).await.handle(update(&text(1, "go"))).await;
    let texts = telegram.texts(USER);
    assert_eq!(texts.len(), 5);
    assert!(texts.iter().all(|text| text.encode_utf16().count() <= 4096));
    assert_eq!(texts[..3].concat().matches('😀').count(), 3000);
    let asked = telegram.asked();
    assert!(
        asked[3].params["reply_markup"].is_null() && asked[4].params["reply_markup"].is_object()
    );
}

#[tokio::test]
async fn a_reply_that_grows_is_one_message_that_changes() {
    async fn talk(context: Context) -> BotResult {
        let mut reply = context.grow();
        reply.push("This ").await?;
        reply.push("takes a while.").await?;
        reply.finish().await?;
        Ok(())
    }
    let telegram = Telegram::start().await;
    function(&telegram, talk).await.handle(update(&text(1, "go"))).await;
    assert_eq!(telegram.texts(USER), ["This takes a while."]);
    assert_eq!(telegram.asked()[1].method, "editMessageText");
}

#[tokio::test]
async fn a_message_of_inline_mode_keeps_its_id() {
    async fn change(context: Context) -> BotResult {
        let sent = context.edit("1234csdbsk4839", "Sold").await?;
        assert_eq!(sent.message_id.as_deref(), Some("1234csdbsk4839"));
        Ok(())
    }
    let telegram = Telegram::start().await;
    let answer = function(&telegram, change).await.handle(update(&text(1, "go"))).await;
    assert_eq!((answer.header("patchcord-failure"), telegram.asked().len()), ("", 1));
}

#[tokio::test]
async fn answers_stay_in_their_topic_and_topics_are_conversations() {
    let telegram = Telegram::start().await;
    let function = function(&telegram, Echo).await;
    let say = |id: i64, topic: Option<i64>| {
        let mut update = text(id, "hi");
        update["message"]["chat"] = json!({ "id": FORUM, "type": "supergroup", "is_forum": true });
        if let Some(topic) = topic {
            update["message"]["message_thread_id"] = json!(topic);
            update["message"]["is_topic_message"] = json!(true);
        }
        update
    };
    for (id, topic) in [(1, Some(TOPIC)), (2, None), (3, Some(TOPIC))] {
        function.handle(update(&say(id, topic))).await;
    }
    let said = |text: &str, topic: Value| (json!(text), topic);
    let expected =
        [said("1: hi", json!(TOPIC)), said("1: hi", Value::Null), said("2: hi", json!(TOPIC))];
    let asked = telegram.asked().into_iter();
    let asked = asked.map(|it| (it.params["text"].clone(), it.params["message_thread_id"].clone()));
    assert_eq!(asked.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_pressed_button_is_answered_in_the_response() {
    async fn thank(context: Context) -> BotResult {
        context.send_text("Thank you").await?;
        Ok(())
    }
    let pressed = |id: i64| {
        json!({ "update_id": id, "callback_query": {
            "id": "4382bfdwdsb323b2d9", "from": { "id": USER, "first_name": "Test" }, "data": "Y",
        } })
    };
    let telegram = Telegram::start().await;
    let answering = function(&telegram, thank).await;
    for _ in 0..2 {
        let answer = answering.handle(update(&pressed(1))).await;
        let expected =
            json!({ "method": "answerCallbackQuery", "callback_query_id": "4382bfdwdsb323b2d9" });
        assert_eq!((answer.json(), answer.header("content-type")), (expected, "application/json"));
    }
    assert_eq!(telegram.texts(USER), ["Thank you"]);
    let silent = function_with(&telegram, ", answer_callback_queries: false", thank).await;
    assert_eq!(silent.handle(update(&pressed(2))).await.body, "");
}

#[tokio::test]
async fn other_systems_speak_through_the_same_channel() {
    let telegram = Telegram::start().await;
    let function = function_with(&telegram, ", default_chat: '@news'", Echo).await;
    let reply = json!({ "type": "text", "text": "hi" });
    for (target, expected) in [
        (json!({ "room": USER.to_string() }), json!({ "message_id": "1", "dropped": false })),
        (
            json!({ "room": FORUM.to_string(), "thread": "7" }),
            json!({ "message_id": "2", "dropped": false }),
        ),
        (Value::Null, json!({ "message_id": "3", "dropped": false })),
        (json!({ "room": UPGRADED.to_string() }), json!({ "message_id": "4", "dropped": false })),
        (json!({ "room": BLOCKED.to_string() }), json!({ "message_id": null, "dropped": true })),
    ] {
        let mut message = json!({ "reply": reply });
        if !target.is_null() {
            message["target"] = target.clone();
        }
        let answer = send(&function, &message).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected), "{target}");
    }
    let odd = json!({ "target": { "room": USER.to_string(), "thread": "news" }, "reply": reply });
    assert_eq!(send(&function, &odd).await.status.as_u16(), 422);
}
