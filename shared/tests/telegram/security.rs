//! Who may speak for Telegram: only who knows the channel's secret
//! (<https://core.telegram.org/bots/api#setwebhook>, `secret_token`). Telegram signs neither the body
//! nor a time, so there is nothing stale: the secret itself is what is sent.

use bytes::Bytes;
use http::{HeaderValue, Request};
use patchcord::bots::Echo;
use patchcord::connectors::registry::Stage;
use serde_json::json;

use super::fake::{TOKEN, Telegram};
use super::harness::{HEADER, SECRET, configured_at, function, text, update};
use super::support::function::post;
use super::support::logs;

#[tokio::test]
async fn only_the_right_secret_is_let_in() {
    let telegram = Telegram::start().await;
    let function = function(&telegram, Echo).await;
    let hello = text(1, "hello");
    let mut flipped = SECRET.as_bytes().to_vec();
    flipped[5] ^= 1;
    for (name, secret) in [
        ("wrong", b"guess".to_vec()),
        ("empty", Vec::new()),
        ("truncated", SECRET.as_bytes()[..SECRET.len() - 1].to_vec()),
        ("longer", [SECRET.as_bytes(), b"x"].concat()),
        ("one bit off", flipped),
        ("in another case", SECRET.to_uppercase().into_bytes()),
        ("not ASCII", vec![0xe9]),
    ] {
        let mut request = post("/webhooks/telegram/webhook", &hello);
        request.headers_mut().insert(HEADER, HeaderValue::from_bytes(&secret).unwrap());
        let answer = function.handle(request).await;
        assert_eq!(answer.status.as_u16(), 401, "{name}");
        assert!(!answer.body.contains(SECRET), "{name}: {}", answer.body);
    }
    let answer = function.handle(post("/webhooks/telegram/webhook", &hello)).await;
    assert_eq!(answer.status.as_u16(), 401, "missing");
    assert_eq!(telegram.asked().len(), 0, "nothing has happened");
    assert_eq!(function.handle(update(&hello)).await.status.as_u16(), 200);
    assert_eq!(telegram.asked().len(), 1);
}

#[tokio::test]
async fn a_repeated_update_is_answered_once_and_acknowledged_each_time() {
    let telegram = Telegram::start().await;
    let function = function(&telegram, Echo).await;
    for _ in 0..3 {
        assert_eq!(function.handle(update(&text(1, "hello"))).await.status.as_u16(), 200);
    }
    assert_eq!(function.handle(update(&text(2, "hello"))).await.status.as_u16(), 200);
    let said: Vec<_> = telegram.asked().into_iter().map(|it| it.params["text"].clone()).collect();
    assert_eq!(said, ["1: hello", "2: hello"]);
}

#[tokio::test]
async fn what_is_no_update_is_refused() {
    let telegram = Telegram::start().await;
    let function = function(&telegram, Echo).await;
    for (body, expected) in [
        ("", "expected JSON"),
        ("{", "expected JSON"),
        ("[]", "expected an update"),
        (r#"{"message": {}}"#, "expected an update"),
        (r#"{"update_id": "one"}"#, "expected an update"),
    ] {
        let request = Request::post("/webhooks/telegram/webhook").header(HEADER, SECRET);
        let answer = function.handle(request.body(Bytes::from(body)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 400, "{body}");
        assert!(answer.body.contains(expected), "{body}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_channel_without_its_secrets_does_not_start() {
    let token = format!("token: '{TOKEN}'");
    let long = "x".repeat(257);
    for (settings, expected) in [
        ("secret_token: s".to_owned(), "channels.telegram: missing field `token`"),
        (token.clone(), "channels.telegram: missing field `secret_token`"),
        (format!("{token}, secret_token: ''"), "secret_token: expected a non-empty text"),
        (format!("{token}, secret_token: 'a b'"), "secret_token: expected 1 to 256 letters"),
        (format!("{token}, secret_token: {long}"), "secret_token: expected 1 to 256 letters"),
        ("token: '', secret_token: s".to_owned(), "token: expected a non-empty text"),
        ("token: 'abc', secret_token: s".to_owned(), "token: expected a bot's token"),
        ("token: '1:', secret_token: s".to_owned(), "token: expected a bot's token"),
        ("token: '1:a/../b', secret_token: s".to_owned(), "token: expected a bot's token"),
        (format!("{token}, secret_token: s, secret: s"), "telegram.secret: unknown field"),
        (format!("{token}, secret_token: s, api_url: 'ftp://e'"), "api_url: expected an address"),
        (format!("{token}, secret_token: s, api_url: 'http://e'"), "api_url: expected an address"),
        (
            format!("{token}, secret_token: s, api_url: 'https://e?a=b'"),
            "api_url: expected an address without a query",
        ),
        (format!("{token}, secret_token: s, allowed_updates: []"), "at least one kind"),
        (
            format!("{token}, secret_token: s, allowed_updates: [messages]"),
            "telegram.allowed_updates[0]: expected one of `message`,",
        ),
    ] {
        let deployed = configured_at(Stage::Deployed, &settings).await;
        let Err(error) = deployed else { panic!("{settings} is accepted") };
        let error = error.to_string();
        assert!(error.contains(expected), "{settings}: {error}");
        assert!(!error.contains(TOKEN), "{error}");
    }
    let right = format!("{token}, secret_token: s, delivery: inline");
    assert!(configured_at(Stage::Deployed, &right).await.is_ok());
}

#[tokio::test]
async fn no_log_and_no_response_has_a_secret_or_a_text() {
    // The logs of every test beside this one are read as well.
    logs::start();
    let telegram = Telegram::start().await;
    let function = function(&telegram, Echo).await;
    let failures = [
        (401, json!({ "ok": false, "error_code": 401, "description": "Unauthorized" })),
        (
            400,
            json!({ "ok": false, "error_code": 400, "description": "Bad Request: bad \"xyzzy\"" }),
        ),
        (403, json!({ "ok": false, "error_code": 403, "description": "Forbidden: blocked" })),
    ];
    let mut answers = String::new();
    telegram.answer_next(failures);
    for id in 1..=4 {
        answers += &function.handle(update(&text(id, "xyzzy"))).await.body;
    }
    let mut stranger = post("/webhooks/telegram/webhook", &text(9, "xyzzy"));
    stranger.headers_mut().insert(HEADER, HeaderValue::from_static("guess"));
    answers += &function.handle(stranger).await.body;
    let logs = logs::all();
    assert!(logs.contains("bot did not finish") && logs.contains("a reply is dropped"), "{logs}");
    for secret in [SECRET, TOKEN, "ABC-DEF", "xyzzy", "Lastname"] {
        assert!(!logs.contains(secret) && !answers.contains(secret), "{secret}: {logs} {answers}");
    }
}
