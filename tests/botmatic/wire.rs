//! "What Botmatic sends", row by row: statuses and exact texts.

use patchcord::botmatic::endpoint::{Call, HandlerError, Kind, Pattern};
use patchcord::ground::http::client;
use patchcord_tests::contacts::{CONFIG, Contacts, TOKEN, answer};
use serde_json::{Value, json};

use crate::helpers::{action, event, installed, silent, silent_with};

/// Posts text that need not be JSON, and returns the content type as well.
async fn raw(contacts: &Contacts, token: Option<&str>, body: &str) -> (u16, String, String) {
    let request = client().unwrap().post(format!("{}/botmatic", contacts.url));
    let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
    let response = request.body(body.to_owned()).send().await.unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status().as_u16(), content_type, response.text().await.unwrap())
}

#[tokio::test]
async fn tokens_that_are_refused_are_told_so_in_botmatics_words() {
    let contacts = silent().await;
    let asked_botmatic = "Not authorized.";
    let asked_auth = "Not authorized";
    for (name, token, body, expected) in [
        ("install", Some("unknown"), r#"{"event": "install"}"#, asked_botmatic),
        ("uninstall", Some("unknown"), r#"{"event": "uninstall"}"#, asked_botmatic),
        ("install without a token", None, r#"{"event": "install"}"#, asked_botmatic),
        ("an event", Some("unknown"), r#"{"event": "user_reply"}"#, asked_auth),
        ("an action", Some("unknown"), r#"{"action": "quote_price"}"#, asked_auth),
        ("an action called install", Some("unknown"), r#"{"action": "install"}"#, asked_auth),
        ("an event without a token", None, r#"{"event": "user_reply"}"#, asked_auth),
        // Botmatic knows it; here it was never installed.
        ("not installed", Some(TOKEN), r#"{"event": "contact_created"}"#, asked_auth),
    ] {
        let (status, content_type, text) = raw(&contacts, token, body).await;
        assert_eq!((status, text.as_str()), (401, expected), "{name}");
        assert!(content_type.starts_with("text/plain"), "{name}: {content_type}");
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_only() {
    let (contacts, _) = installed().await;
    let url = format!("{}/botmatic", contacts.url);
    let body = json!({ "event": "user_reply", "token": TOKEN }).to_string();
    for (name, header, expected) in [
        ("bearer", format!("Bearer {TOKEN}"), 200),
        ("in small letters", format!("bearer  {TOKEN} "), 200),
        ("another scheme", format!("Basic {TOKEN}"), 401),
        ("no scheme", TOKEN.to_owned(), 401),
        ("nothing after it", "Bearer ".to_owned(), 401),
    ] {
        let request = client().unwrap().post(&url).header("authorization", header);
        assert_eq!(answer(request.body(body.clone())).await.0, expected, "{name}");
    }
    let in_query = client().unwrap().post(format!("{url}?token={TOKEN}")).body(body);
    assert_eq!(answer(in_query).await.0, 401);
}

#[tokio::test]
async fn what_is_neither_event_nor_action_is_a_bad_request() {
    let (contacts, _) = installed().await;
    for (name, body, expected) in [
        ("neither", "{}", (403, "Bad Request")),
        ("neither, with data", r#"{"data": {"event": "install"}}"#, (403, "Bad Request")),
        ("no body", "", (400, "empty body")),
        ("only space", " \n", (400, "empty body")),
        ("malformed", r#"{"event": "install""#, (400, "expected a JSON object")),
        ("a form", "event=install", (400, "expected a JSON object")),
        ("a list", r#"[{"event": "install"}]"#, (400, "expected a JSON object")),
        ("a number for a name", r#"{"event": 5}"#, (400, "either `event` or `action`")),
        ("no name", r#"{"action": null}"#, (400, "either `event` or `action`")),
        ("both", r#"{"event": "x", "action": "y"}"#, (400, "either `event` or `action`")),
    ] {
        for token in [Some(TOKEN), None] {
            let (status, _, text) = raw(&contacts, token, body).await;
            assert_eq!(status, expected.0, "{name}: {text}");
            assert!(text.contains(expected.1), "{name}: {text}");
        }
    }
    let (_, content_type, text) = raw(&contacts, None, "{}").await;
    assert_eq!(
        (content_type.as_str(), text.as_str()),
        ("text/plain; charset=utf-8", "Bad Request")
    );
}

#[tokio::test]
async fn a_handler_that_succeeds_or_fails_is_answered_200_and_says_which() {
    let says = |_: Call| async { Ok(json!({ "price": 12.5 })) };
    let fails = |_: Call| async { Err(HandlerError { data: json!({ "error": "sold out" }) }) };
    let contacts = silent_with(CONFIG, |setup| {
        setup
            .on(Kind::Action, Pattern::name("quote_price").unwrap(), says)
            .on(Kind::Action, Pattern::name("order").unwrap(), fails)
            .on(Kind::Event, Pattern::name("bot_reply").unwrap(), says)
    })
    .await;
    contacts.install().await;
    let said = json!({ "success": true, "type": "data", "data": { "price": 12.5 } });
    let failed = json!({ "success": false, "type": "data", "data": { "error": "sold out" } });
    assert_eq!(
        action(&contacts, "quote_price", json!({ "contact_id": 1 })).await,
        (200, said.clone())
    );
    assert_eq!(action(&contacts, "order", Value::Null).await, (200, failed));
    assert_eq!(event(&contacts, "bot_reply", Value::Null).await, (200, said));
}

#[tokio::test]
async fn what_nobody_handles_is_answered_200_without_success() {
    let (contacts, _) = installed().await;
    let undefined =
        |text: &str| (200, json!({ "success": false, "type": "data", "data": { "error": text } }));
    for name in ["x", "user_reply", "bot_reply", "quote \"it\""] {
        let expected = undefined(&format!("No event \"{name}\" defined"));
        assert_eq!(event(&contacts, name, Value::Null).await, expected);
        let expected = undefined(&format!("No action \"{name}\" defined"));
        assert_eq!(action(&contacts, name, Value::Null).await, expected);
    }
}

#[tokio::test]
async fn paths_and_methods_that_there_are_not_are_told_what_there_is() {
    let (contacts, _) = installed().await;
    for (method, path, status, allow) in [
        ("GET", "/botmatic", 405, Some("POST")),
        ("PUT", "/botmatic", 405, Some("POST")),
        ("DELETE", "/botmatic/settings", 405, Some("GET, POST")),
        ("GET", "/contacts/hooks", 405, Some("POST")),
        ("GET", "/integrations/x/token", 405, Some("PUT")),
        ("POST", "/botmatic/other", 404, None),
        ("GET", "/", 200, None),
    ] {
        let url = format!("{}{path}", contacts.url);
        let request = client().unwrap().request(method.parse().unwrap(), url);
        let response = request.bearer_auth(TOKEN).send().await.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        let allowed = response.headers().get("allow").map(|it| it.to_str().unwrap());
        assert_eq!(allowed, allow, "{method} {path}");
    }
}
