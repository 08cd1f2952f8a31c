//! The command, against a server that answers as Telegram does.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::scratch::Scratch;

const TOKEN: &str = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";

/// What Telegram was asked: methods and parameters.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// Answers what there is to answer, and refuses other tokens.
async fn server() -> (String, Asked) {
    let asked = Asked::default();
    let seen = Arc::clone(&asked);
    let answer = move |Path((token, method)): Path<(String, String)>, Json(params): Json<Value>| {
        let result = match method.as_str() {
            "getWebhookInfo" => json!({
                "url": "https://e.com/hook", "has_custom_certificate": false,
                "pending_update_count": 3, "allowed_updates": ["message", "callback_query"],
                "last_error_date": 1_441_645_532,
                "last_error_message": "Wrong response from the webhook: 401 Unauthorized",
            }),
            _ => json!(true),
        };
        seen.lock().unwrap().push((method, params));
        let ok = json!({ "ok": true, "result": result });
        let refusal = json!({ "ok": false, "error_code": 401, "description": "Unauthorized" });
        async move { Json(if token == format!("bot{TOKEN}") { ok } else { refusal }) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/{token}/{method}", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, asked)
}

/// What the command prints, or complains of.
async fn run(config: &str, channel: Option<&str>, action: Action) -> Result<String, String> {
    let file = Scratch::new(config);
    let channel = channel.map(str::to_owned);
    let options = TelegramOptions { action, channel, config: file.path().to_owned() };
    let mut out = Vec::new();
    match telegram(&options, &mut out).await {
        Ok(()) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => Err(file.said_of(error)),
    }
}

fn channel(url: &str, token: &str) -> String {
    format!("{{type: telegram, token: '{token}', secret_token: s3cret, api_url: '{url}'}}")
}

fn set(url: &str) -> Action {
    Action::SetWebhook { url: url.to_owned(), drop_pending: false }
}

#[tokio::test]
async fn the_webhook_is_set_and_shown() {
    let (url, asked) = server().await;
    let config = format!(
        "channels:\n  news: {}\n  shop: {{type: rest, auth: {{token: '${{ssm:/not/read}}'}}}}\n\
         bot: {{type: http, url: '${{env:NOT_READ}}'}}\n",
        channel(&url, TOKEN),
    );
    let shown = run(&config, None, set("https://e.com/")).await.unwrap();
    let expected = "channel news: updates go to https://e.com/hook\n\
                    kinds:      message, callback_query\n\
                    waiting:    3\n\
                    last error: 2015-09-07T17:05:32Z Wrong response from the webhook: 401 Unauthorized\n";
    assert_eq!(shown, expected);
    run(&config, Some("news"), Action::DeleteWebhook).await.unwrap();
    run(&config, Some("news"), Action::WebhookInfo).await.unwrap();
    let asked = asked.lock().unwrap().clone();
    let methods: Vec<_> = asked.iter().map(|(method, _)| &**method).collect();
    let expected =
        ["setWebhook", "getWebhookInfo", "deleteWebhook", "getWebhookInfo", "getWebhookInfo"];
    assert_eq!(methods, expected);
    let params = &asked[0].1;
    assert_eq!(params["url"], "https://e.com/webhooks/news/webhook");
    assert_eq!(
        (&params["secret_token"], &params["drop_pending_updates"]),
        (&json!("s3cret"), &json!(false))
    );
}

#[test]
fn the_address_of_the_function_is_enough() {
    for (given, expected) in [
        ("https://e.com", Some("https://e.com/webhooks/tg/webhook")),
        ("https://e.com/", Some("https://e.com/webhooks/tg/webhook")),
        ("https://e.com/prod/", Some("https://e.com/prod/webhooks/tg/webhook")),
        ("https://e.com/webhooks/tg/webhook", Some("https://e.com/webhooks/tg/webhook")),
        (
            "https://e.com/prod/webhooks/rest/webhook",
            Some("https://e.com/prod/webhooks/tg/webhook"),
        ),
        ("https://e.com/?a=b", None),
        ("e.com", None),
    ] {
        assert_eq!(address(given, "tg").ok().as_deref(), expected, "{given}");
    }
}

#[tokio::test]
async fn mistakes_are_told_without_secrets() {
    let (url, asked) = server().await;
    let one = channel(&url, TOKEN);
    let two = format!("channels: {{a: {one}, b: {one}, c: {{type: rest}}}}");
    let other = channel(&url, "123456:another");
    for (config, name, action, expected) in [
        (
            "channels: {c: {type: rest}}".to_owned(),
            None,
            set("https://e.com"),
            "CONFIG: expected a channel of `type: telegram`",
        ),
        ("bot: {}".to_owned(), Some("a"), set("https://e.com"), "CONFIG: expected a channel of"),
        (
            two.clone(),
            None,
            set("https://e.com"),
            "--channel: expected one of `type: telegram`: a, b",
        ),
        (
            two.clone(),
            Some("c"),
            set("https://e.com"),
            "--channel: expected one of `type: telegram`: a, b",
        ),
        (two, Some("a"), set("e.com"), "expected the function's public address"),
        ("channels: [".to_owned(), None, set("https://e.com"), "CONFIG is not valid YAML"),
        (
            "channels: {a: {type: telegram}}".to_owned(),
            None,
            set("https://e.com"),
            "channels.a: missing field `token`",
        ),
        (
            format!("channels: {{a: {other}}}"),
            None,
            set("https://e.com"),
            "Telegram was asked in vain: the platform does not let us: Telegram does not know the bot's token",
        ),
    ] {
        let error = run(&config, name, action).await.unwrap_err();
        assert!(error.contains(expected), "{config}: {error}");
        assert!(!error.contains("ABC-DEF") && !error.contains("another"), "{error}");
    }
    assert_eq!(asked.lock().unwrap().len(), 1, "the one with another token");
    let missing = TelegramOptions {
        action: Action::WebhookInfo,
        channel: None,
        config: PathBuf::from("/nowhere/patchcord.yaml"),
    };
    let error = telegram(&missing, Vec::new()).await.unwrap_err().to_string();
    assert!(error.starts_with("no configuration at /nowhere/patchcord.yaml"), "{error}");
}
