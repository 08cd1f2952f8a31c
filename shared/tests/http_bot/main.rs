//! The bot `http` against a fake Rasa server.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod streams;
#[path = "../support"]
mod support {
    pub mod asked;
    pub mod context;
    pub mod function;
    pub mod nobody;
    pub mod rasa;
    pub mod rest;
    pub mod server;
}

use std::io;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream::poll_fn;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use patchcord::bots::http::MAX_ANSWER_BYTES;
use patchcord::chat::event::EventKind;
use patchcord::chat::{Media, Message};
use serde_json::json;
use support::asked::{ask, bot, written_by_hand};
use support::context::{button, event, run, text};
use support::function::{INVOCATION, post};
use support::nobody::Nobody;
use support::rasa::{Step, rasa};
use tokio::net::TcpListener;
use tokio::time::timeout;

#[tokio::test]
async fn a_message_goes_to_rasa_and_its_answer_comes_back() {
    let image = json!({"recipient_id": "x", "image": "https://e.com/i"});
    let said = json!([{"recipient_id": "x", "text": "hello"}, image, {"text": "bye"}]);
    let server = rasa(vec![Step::says(&said)]).await;
    let asked = ask(&server.url, json!({"token": "t0ken"})).await;
    let body = json!({"sender": "ada", "message": " hi ", "metadata": {"lang": "en"},
        "input_channel": "web"});
    let request = post("/webhooks/rest/webhook", &body);
    let answer = asked.function.handle(request).await;
    let expected = json!([
        {"recipient_id": "ada", "text": "hello"},
        {"recipient_id": "ada", "image": "https://e.com/i"},
        {"recipient_id": "ada", "text": "bye"},
    ]);
    assert_eq!((answer.json(), answer.header("patchcord-failure")), (expected, ""));
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].uri, "/webhooks/rest/webhook");
    assert_eq!(requests[0].headers[CONTENT_TYPE], "application/json");
    assert_eq!(requests[0].headers[AUTHORIZATION], "Bearer t0ken");
    let expected = json!({
        "sender": "rest:ada", "message": "hi", "metadata": {"lang": "en"}, "input_channel": "web",
    });
    assert_eq!(requests[0].body, expected);
}

#[tokio::test]
async fn buttons_are_shown_and_a_pressed_one_is_sent_as_a_message() {
    let buttons = json!([{"title": "Yes", "payload": "/affirm"}]);
    let said = json!([{"text": "Sure?", "buttons": buttons}]);
    let server = rasa(vec![Step::says(&said), Step::says(&json!([{"text": "ok"}]))]).await;
    let answer = ask(&server.url, json!({})).await.function.say("order").await;
    let expected = json!([{"recipient_id": "ada", "text": "Sure?", "buttons": buttons}]);
    assert_eq!(answer.json(), expected);
    assert_eq!(server.requests()[0].body["input_channel"], "rest", "the channel's name");

    let ran = run(&bot(&server.url, json!({})), button("/affirm")).await;
    assert_eq!(ran.texts, ["ok"]);
    ran.result.unwrap();
    assert_eq!(server.requests()[1].body["message"], "/affirm");
}

#[tokio::test]
async fn other_events_are_not_handed_over() {
    let server = rasa(vec![]).await;
    let image = EventKind::Message(Message::Image(Media::url("https://e.com/i")));
    let edited = EventKind::MessageEdited {
        message_id: "1".to_owned(),
        message: Message::Text("changed".to_owned()),
    };
    for kind in [image, edited, EventKind::Typing { on: true }] {
        let ran = run(&bot(&server.url, json!({})), event(kind)).await;
        ran.result.unwrap();
        assert!(ran.texts.is_empty());
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_sender_names_the_channel_unless_asked_otherwise() {
    let server = rasa(vec![Step::says(&json!([])), Step::says(&json!([]))]).await;
    for sender in ["session", "id"] {
        let bot = bot(&server.url, json!({"sender": sender}));
        run(&bot, text("hi")).await.result.unwrap();
    }
    let senders: Vec<_> =
        server.requests().into_iter().map(|request| request.body["sender"].clone()).collect();
    assert_eq!(senders, ["lab:ada", "ada"]);
}

#[tokio::test]
async fn a_server_error_is_asked_again() {
    let sorry = || Step::Answer(500, Bytes::from_static(b"sesame"));
    let server = rasa(vec![sorry(), Step::says(&json!([{"text": "hello"}]))]).await;
    let answer = ask(&server.url, json!({})).await.function.say("hi").await;
    assert_eq!(answer.texts(), ["hello"]);
    assert_eq!(server.requests().len(), 2);

    let server = rasa(vec![sorry(), sorry()]).await;
    ask(&server.url, json!({"retries": 1}))
        .await
        .fails_with("the bot's server answered with status 500")
        .await;
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    for status in [400, 404, 429, 301] {
        let server = rasa(vec![Step::Answer(status, Bytes::from_static(b"sesame"))]).await;
        let expected = format!("the bot's server answered with status {status}");
        ask(&server.url, json!({})).await.fails_with(&expected).await;
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn nobody_there_is_an_error() {
    let nobody = Nobody::anywhere();
    let url = format!("http://user:sesame@{}", nobody.address);
    ask(&url, json!({})).await.fails_with("the bot's server could not be reached").await;
}

#[tokio::test]
async fn a_server_that_hangs_up_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}?key=sesame", listener.local_addr().unwrap());
    let accepting = tokio::spawn(async move {
        for _ in 0..3 {
            drop(listener.accept().await.unwrap());
        }
    });
    ask(&url, json!({})).await.fails_with("the bot's server could not be reached").await;
    timeout(INVOCATION, accepting).await.expect("three attempts").unwrap();
}

#[tokio::test]
async fn a_slow_server_is_not_asked_again() {
    let (_held, body) = written_by_hand();
    let asked_once = async |step| {
        let server = rasa(vec![step]).await;
        let asked = ask(&server.url, json!({"timeout_seconds": 5})).await;
        asked.fails_with("the bot's server did not answer in time").await;
        assert_eq!(server.requests().len(), 1);
    };
    let asked_twice = [Step::Silence, Step::Body(body)].map(asked_once);
    timeout(INVOCATION / 2, join_all(asked_twice)).await.expect("not all the time there is");
}

// Whatever else waits, the bot's own time is the first to be over.
#[tokio::test(start_paused = true)]
async fn the_bot_gives_up_before_its_time_is_over() {
    let server = rasa(vec![Step::Silence]).await;
    let asked = ask(&server.url, json!({"timeout_seconds": 60})).await;
    let body = json!({"sender": "ada", "message": "hi"});
    let deadline = asked.function.deadline_in(Duration::from_secs(10));
    let request = post("/webhooks/rest/webhook", &body);
    let response = asked.function.webhook.handle(request, deadline).await;
    assert_eq!(response.headers()["patchcord-failure"], "bot-failed"); // and not `timed-out`
    let errors = asked.errors.lock().unwrap();
    assert!(errors[0].starts_with("the bot's server did not answer in time"));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_says_nothing() {
    for (stream, body) in [
        (false, r#"{"text": "sesame"}"#),
        (false, r#"[{"text": "fine"}, {"text": {"sesame": 1}}]"#),
        (false, ""),
        (true, r#"data: {"text": "sesame"}"#),
    ] {
        let server = rasa(vec![Step::Answer(200, Bytes::from(body))]).await;
        let asked = ask(&server.url, json!({"stream": stream})).await;
        asked.fails_with("the bot's server gave an answer that cannot be read").await;
        assert_eq!(server.requests().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_one() {
    let server = rasa(vec![Step::says(&json!([]))]).await;
    let answer = ask(&server.url, json!({})).await.function.say("hi").await;
    assert_eq!((answer.body.as_str(), answer.header("patchcord-failure")), ("[]", ""));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read() {
    for stream in [false, true] {
        // Without end: the bot has to stop reading by itself.
        let piece = Bytes::from(vec![b' '; MAX_ANSWER_BYTES / 10]);
        let endless = poll_fn(move |_| Poll::Ready(Some(Ok::<_, io::Error>(piece.clone()))));
        let server = rasa(vec![Step::Body(Body::from_stream(endless))]).await;
        let asked = ask(&server.url, json!({"stream": stream})).await;
        asked.fails_with("the bot's server answered with more than 1000000 bytes").await;
    }
}
