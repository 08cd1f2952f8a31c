//! What becomes of a reply that Telegram does not take.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use patchcord::chat::{BotResult, Button, Card, Context};
use patchcord::connectors::telegram::TelegramContext as _;
use serde_json::{Value, json};

use super::fake::{BLOCKED, FORUM, Telegram, UPGRADED, USER};
use super::harness::{Outcomes, function, note, text, update};

/// A call that has failed, as Telegram says it.
fn failed(code: u16, description: &str) -> (u16, Value) {
    (code, json!({ "ok": false, "error_code": code, "description": description }))
}

/// What a bot is told that says `hello`, and what Telegram got of it.
async fn outcome(answers: Vec<(u16, Value)>) -> (Result<String, String>, usize) {
    let telegram = Telegram::start().await;
    telegram.answer_next(answers);
    let outcomes = Outcomes::default();
    let noted = Arc::clone(&outcomes);
    let bot = move |context: Context| {
        let outcomes = Arc::clone(&noted);
        async move {
            let sent = context.send_text("hello").await;
            note(&outcomes, sent.map(|sent| format!("{:?} {}", sent.message_id, sent.is_dropped)));
            BotResult::Ok(())
        }
    };
    function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
    let outcome = outcomes.lock().unwrap().remove(0);
    (outcome, telegram.asked().len())
}

#[tokio::test]
async fn each_refusal_has_its_consequence() {
    let dropped = Ok("None true".to_owned());
    let sent = Ok(r#"Some("1") false"#.to_owned());
    let refused = |reason: &str| Err(format!("the platform refuses it: {reason}"));
    let slow = |seconds: u64| {
        let (code, mut body) = failed(429, "Too Many Requests: retry after");
        body["parameters"] = json!({ "retry_after": seconds });
        (code, body)
    };
    let unreachable = Err("the platform could not be reached".to_owned());
    let cases = [
        ("nothing wrong", vec![], sent.clone(), 1),
        (
            "blocked",
            vec![failed(403, "Forbidden: bot was blocked by the user")],
            dropped.clone(),
            1,
        ),
        ("deactivated", vec![failed(403, "Forbidden: user is deactivated")], dropped.clone(), 1),
        (
            "thrown out",
            vec![failed(403, "Forbidden: bot was kicked from the group chat")],
            dropped.clone(),
            1,
        ),
        ("gone", vec![failed(400, "Bad Request: chat not found")], dropped, 1),
        (
            "no right",
            vec![failed(400, "Bad Request: not enough rights to send text messages to the chat")],
            refused("Bad Request: not enough rights to send text messages to the chat"),
            1,
        ),
        (
            "another token",
            vec![failed(401, "Unauthorized")],
            Err("the platform does not let us: Telegram does not know the bot's token, or the method"
                .to_owned()),
            1,
        ),
        ("slow down, in the body", vec![slow(1), slow(0)], sent.clone(), 3),
        (
            "slow down for longer than there is",
            vec![slow(600)],
            Err("the platform asks to wait for 600s".to_owned()),
            1,
        ),
        ("down for a moment", vec![failed(502, "Bad Gateway")], sent.clone(), 2),
        ("down", vec![failed(500, "Internal Server Error"); 4], unreachable.clone(), 4),
        ("no answer of Telegram's", vec![(200, json!("<html>")); 4], unreachable, 4),
        ("a refusal with status 200", vec![(200, failed(502, "Bad Gateway").1)], sent, 2),
    ];
    let checks = cases.map(async |(name, answers, expected, calls)| {
        assert_eq!(outcome(answers).await, (expected, calls), "{name}");
    });
    join_all(checks).await;
}

#[tokio::test]
async fn what_is_already_so_is_done() {
    async fn again(context: Context) -> BotResult {
        let sent = context.send_text("hi").await?;
        let id = sent.message_id.ok_or("no id")?;
        let edited = context.edit(&id, "hi").await?;
        assert_eq!(edited.message_id.as_deref(), Some(&*id));
        context.delete(&id).await?;
        context.delete(&id).await?;
        Ok(())
    }
    let telegram = Telegram::start().await;
    let answer = function(&telegram, again).await.handle(update(&text(1, "go"))).await;
    assert_eq!((answer.header("patchcord-failure"), telegram.asked().len()), ("", 4));
}

#[tokio::test]
async fn a_reply_of_several_messages_says_none_of_them_twice() {
    let telegram = Telegram::start().await;
    let (code, mut slow) = failed(429, "Too Many Requests: retry after 1");
    slow["parameters"] = json!({ "retry_after": 1 });
    let taken = json!({ "ok": true, "result": { "message_id": 1 } });
    telegram.answer_next([(200, taken), (code, slow)]);
    let bot = |context: Context| async move {
        let card = |title: &str| Card { title: title.to_owned(), ..Card::default() };
        context.send_cards(vec![card("one"), card("two"), card("three")]).await?;
        BotResult::Ok(())
    };
    let answer = function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let asked: Vec<_> = telegram.asked().into_iter().map(|it| it.params["text"].clone()).collect();
    assert_eq!(asked, ["one", "two", "two", "three"], "the first `two` was not taken");
}

#[tokio::test]
async fn where_there_is_no_typing_indicator_none_is_missed() {
    let telegram = Telegram::start().await;
    telegram.answer_next([failed(400, "Bad Request: chat action can't be sent to channels")]);
    let bot = |context: Context| async move {
        context.typing(Duration::from_millis(1)).await?;
        context.send_text("hello").await?;
        BotResult::Ok(())
    };
    let answer = function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    assert_eq!(telegram.texts(USER), ["hello"]);
}

#[tokio::test]
async fn a_group_that_has_become_another_chat_is_followed() {
    let telegram = Telegram::start().await;
    let bot = |context: Context| async move {
        context.send_text("hello").await?;
        context.send_file("https://e.com/r.docx").await?;
        BotResult::Ok(())
    };
    let mut body = text(1, "go");
    body["message"]["chat"] = json!({ "id": UPGRADED, "type": "group" });
    let answer = function(&telegram, bot).await.handle(update(&body)).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let said = ["hello", "https://e.com/r.docx"];
    assert_eq!(
        (&telegram.texts(FORUM)[..], telegram.asked().len()),
        (&said.map(String::from)[..], 5)
    );
}

#[tokio::test]
async fn a_file_that_telegram_does_not_get_is_a_link() {
    let telegram = Telegram::start().await;
    let bot = |context: Context| async move {
        context.send_file("https://e.com/r.docx").await?;
        BotResult::Ok(())
    };
    let function = function(&telegram, bot).await;
    assert_eq!(function.handle(update(&text(1, "go"))).await.header("patchcord-failure"), "");
    assert_eq!(telegram.texts(USER), ["https://e.com/r.docx"]);
}

/// <https://core.telegram.org/bots/api#sendphoto> says what a photo is.
#[tokio::test]
async fn a_picture_that_is_no_photo_is_a_link() {
    for description in [
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: can't upload file by URL",
    ] {
        let telegram = Telegram::start().await;
        telegram.answer_next([failed(400, description)]);
        let bot = |context: Context| async move {
            context.send_image("https://e.com/wide.png").await?;
            BotResult::Ok(())
        };
        let answer = function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
        assert_eq!(answer.header("patchcord-failure"), "", "{description}");
        assert_eq!(telegram.texts(USER), ["https://e.com/wide.png"], "{description}");
    }
}

#[tokio::test]
async fn a_payload_that_does_not_fit_is_the_bots_mistake() {
    let telegram = Telegram::start().await;
    let bot = |context: Context| async move {
        context.send_buttons("?", vec![Button::payload("a", "x".repeat(65))]).await?;
        BotResult::Ok(())
    };
    let function = function(&telegram, bot).await;
    let answer = function.handle(update(&text(1, "go"))).await;
    assert_eq!(answer.header("patchcord-failure"), "bot-failed");
    assert_eq!(telegram.asked().len(), 0);
    let mut blocked = text(2, "go");
    blocked["message"]["chat"]["id"] = json!(BLOCKED);
    let bot = |context: Context| async move {
        assert!(context.send_text("hi").await?.is_dropped);
        BotResult::Ok(())
    };
    let function = super::harness::function(&telegram, bot).await;
    assert_eq!(function.handle(update(&blocked)).await.header("patchcord-failure"), "");
}

/// A method becomes a part of the URL that the token is in.
#[tokio::test]
async fn a_method_that_is_no_name_is_not_called() {
    let telegram = Telegram::start().await;
    let outcomes = Outcomes::default();
    let noted = Arc::clone(&outcomes);
    let bot = move |context: Context| {
        let outcomes = Arc::clone(&noted);
        async move {
            for method in ["../bot1:other/getMe", "getMe?a=b", "getMe#", "get Me", ""] {
                let called = context.telegram(method, Value::Null).await;
                note(&outcomes, called.map(|it| it.to_string()));
                let said = context.send_custom(json!({ "method": method })).await;
                note(&outcomes, said.map(|it| format!("{it:?}")));
            }
            BotResult::Ok(())
        }
    };
    function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
    let expected = "the platform refuses it: a method has a name of letters and digits";
    assert_eq!(*outcomes.lock().unwrap(), vec![Err(expected.to_owned()); 10]);
    assert_eq!(telegram.asked().len(), 0);
}
