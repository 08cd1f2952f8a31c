//! `POST /webhooks/{channel}/send`: what is said without having been asked.

use std::time::Duration;

use http::HeaderValue;
use patchcord::bots::Echo;
use patchcord::chat::{Reply, SendError};
use serde_json::{Value, json};

use crate::function::{Answer, Function, post};
use crate::platform::Platform;
use crate::webhook::shop;

async fn function(platform: &Platform) -> Function {
    let config = shop(platform, "send: {token: s3cret}").await;
    Function::start_with(config, |setup| setup.bot(Echo)).await
}

async fn send(function: &Function, token: &'static str, body: &Value) -> Answer {
    let mut request = post("/webhooks/shop/send", body);
    request.headers_mut().insert("authorization", HeaderValue::from_static(token));
    function.handle(request).await
}

const RIGHT: &str = "Bearer s3cret";

#[tokio::test(start_paused = true)]
async fn it_goes_where_it_should_or_to_the_default() {
    let platform = Platform::default();
    let function = function(&platform).await;
    let reply = json!({"type": "text", "text": "hi"});
    let there = json!({"target": {"room": "ada"}, "reply": reply});
    let answer = send(&function, RIGHT, &there).await;
    assert_eq!(answer.json(), json!({"message_id": "m1", "dropped": false}));
    send(&function, RIGHT, &json!({"reply": reply})).await;
    let buttons =
        json!({"type": "buttons", "text": "Sure?", "buttons": [{"title": "Yes", "payload": "Y"}]});
    send(&function, RIGHT, &json!({"reply": buttons})).await;
    let expected = [("ada", "hi"), ("office", "hi"), ("office", "Sure?\n1. Yes")];
    let expected = expected.map(|(room, text)| (room.to_owned(), Reply::text(text)));
    assert_eq!(platform.sent(), expected);
}

#[tokio::test(start_paused = true)]
async fn nobody_else_may_and_bad_input_is_named() {
    let platform = Platform::default();
    let function = function(&platform).await;
    let text = json!({"reply": {"type": "text", "text": "hi"}});
    for (token, body, status, expected) in [
        ("Bearer guess", text.clone(), 401, "expected `Authorization: Bearer`"),
        (RIGHT, json!({}), 400, r#"detail":"missing field `reply`; expected a message such as"#),
        (RIGHT, json!({"reply": {"type": "dance"}}), 400, "expected one of `text`, `image`"),
        (RIGHT, json!({"reply": {"type": "text"}}), 400, "missing field `text`"),
        (RIGHT, json!({"replie": "s3cret"}), 400, "expected `target` or `reply`"),
        (RIGHT, json!({"target": {"rom": "a"}, "reply": text["reply"]}), 400, "target.rom"),
        (RIGHT, json!({"reply": {"type": "delete", "message_id": "m1"}}), 422, "cannot show"),
    ] {
        let answer = send(&function, token, &body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert!(answer.body.contains(expected), "{body}: {}", answer.body);
        assert!(!answer.body.contains("s3cret") && !answer.body.contains("dance"), "{body}");
    }
    assert!(platform.sent().is_empty());
    let closed = shop(&platform, "").await;
    let closed = Function::start_with(closed, |setup| setup.bot(Echo)).await;
    assert_eq!(send(&closed, RIGHT, &text).await.status.as_u16(), 404);
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_says_is_told() {
    let platform = Platform::default();
    let function = function(&platform).await;
    let text = json!({"reply": {"type": "text", "text": "hi"}});
    platform.refuse(SendError::Unreachable { reason: "blocked".to_owned() });
    let dropped = send(&function, RIGHT, &text).await;
    assert_eq!(dropped.json(), json!({"message_id": null, "dropped": true}));
    platform.refuse(SendError::Refused { reason: "bad_markup".to_owned() });
    let refused = send(&function, RIGHT, &text).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.body.contains("bad_markup"), "{}", refused.body);
    platform.refuse(SendError::RateLimited { retry_after: Duration::from_mins(10) });
    let later = send(&function, RIGHT, &text).await;
    assert_eq!((later.status.as_u16(), later.header("retry-after")), (503, "601"));
}
