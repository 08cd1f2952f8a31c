//! Who handles an event or an action: functions in Rust, and HTTP servers.

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use patchcord::botmatic::endpoint::{Auth, AuthError, Call, Kind, Pattern};
use patchcord::ground::secret::Secret;
use patchcord_tests::contacts::{CONFIG, TOKEN};
use serde_json::{Value, json};

use crate::helpers::{Recorder, action, config_with, event, only_on_crm, silent_with};

#[tokio::test]
async fn the_handler_that_was_registered_last_for_the_whole_name_counts() {
    let says = |it: &'static str| move |_: Call| async move { Ok(json!(it)) };
    let contacts = silent_with(CONFIG, |setup| {
        setup
            .on(Kind::Action, Pattern::name("quote_price").unwrap(), says("named"))
            .on(Kind::Action, Pattern::regex("quote_.*|tell").unwrap(), says("described"))
            .on(Kind::Action, Pattern::name("quote_tax").unwrap(), says("last"))
    })
    .await;
    contacts.install().await;
    for (name, expected) in [
        ("quote_price", Some("described")),
        ("quote_tax", Some("last")),
        ("tell", Some("described")),
        ("my_quote_price", None),
        ("telling", None),
        ("Tell", None),
        ("tell\nmore", None),
    ] {
        let (_, answer) = action(&contacts, name, Value::Null).await;
        let said = answer["data"].as_str();
        assert_eq!(
            (said, answer["success"].as_bool()),
            (expected, Some(expected.is_some())),
            "{name}"
        );
    }
    assert_eq!(event(&contacts, "tell", Value::Null).await.1["success"], false, "an action's only");
}

#[tokio::test]
async fn an_auth_of_ones_own_decides_in_the_place_of_installed_tokens() {
    let auth = |token: Secret| async move {
        match token.expose() {
            "down" => Err(AuthError::Unavailable("no answer".into())),
            "refused" => Err(AuthError::Refused),
            _ => Ok(Auth { token, client: Some(json!("a customer")) }),
        }
    };
    let shows = |call: Call| async move { Ok(json!(call.auth.client)) };
    let contacts = silent_with(CONFIG, |setup| {
        setup.auth(auth).on(Kind::Action, Pattern::name("who").unwrap(), shows)
    })
    .await;
    let who = json!({ "action": "who" });
    assert_eq!(contacts.event("anybody", &who).await.1["data"], "a customer");
    assert_eq!(contacts.event("refused", &who).await, (401, json!("Not authorized")));
    assert_eq!(contacts.event("down", &who).await.0, 503);

    // Whom it lets pass still needs an integration to have contacts.
    let created = json!({ "event": "contact_created", "data": { "id": 1, "firstname": "Ada" } });
    let (_, answer) = contacts.event("anybody", &created).await;
    assert_eq!(answer["data"]["error"], "No event \"contact_created\" defined");
    contacts.install().await;
    let (_, answer) = contacts.event(TOKEN, &created).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    // And installing is nothing that it decides.
    let (status, text) = contacts.event("anybody", &json!({ "event": "install" })).await;
    assert_eq!((status, text), (401, json!("Not authorized.")));
}

#[tokio::test]
async fn whom_an_auth_of_ones_own_accepts_is_remembered_until_an_uninstallation() {
    let asked = Arc::<AtomicUsize>::default();
    let asks = Arc::clone(&asked);
    let auth = move |token: Secret| {
        asks.fetch_add(1, SeqCst);
        ready(Ok(Auth { token, client: None }))
    };
    let contacts = silent_with(CONFIG, |setup| setup.auth(auth)).await;
    contacts.install().await;
    for (name, after, expected) in [
        ("user_reply", Duration::ZERO, 1),
        ("user_reply", Duration::ZERO, 1),
        ("user_reply", Duration::from_secs(30), 2),
        ("uninstall", Duration::ZERO, 2),
        ("user_reply", Duration::ZERO, 3),
    ] {
        contacts.clock.advance(after);
        assert_eq!(event(&contacts, name, Value::Null).await.0, 200, "{name}");
        assert_eq!(asked.load(SeqCst), expected, "{name} after {after:?}");
    }
}

#[tokio::test]
async fn a_server_that_fails_is_a_handler_that_fails() {
    let refusing = Recorder::answering(422, r#"{"error": "sold out"}"#).await;
    let broken = Recorder::answering(500, "oops").await;
    let config = config_with(&format!(
        "  actions:
    - {{name: refused, forward: {{url: '{}'}}}}
    - {{name: broken, forward: {{url: '{}'}}}}
    - {{name: nobody, forward: {{url: 'http://127.0.0.1:1'}}}}",
        refusing.url, broken.url
    ));
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    for (name, expected) in [
        ("refused", "sold out"),
        ("broken", "the handler answered 500"),
        ("nobody", "the handler did not answer"),
    ] {
        let expected = json!({ "success": false, "type": "data", "data": { "error": expected } });
        assert_eq!(action(&contacts, name, Value::Null).await, (200, expected));
    }
}

#[tokio::test]
async fn a_handler_of_a_contacts_event_comes_after_the_sync() {
    static SEEN: Mutex<Vec<Value>> = Mutex::new(Vec::new());
    let sees = |call: Call| async move {
        SEEN.lock().unwrap().push(call.data);
        Ok(json!("seen"))
    };
    let contacts = silent_with(CONFIG, |setup| {
        setup.on(Kind::Event, Pattern::regex("contact_.*").unwrap(), sees)
    })
    .await;
    contacts.install().await;
    let (_, answer) =
        event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Ada" })).await;
    assert_eq!(answer, json!({ "success": true, "type": "data", "data": "seen" }));
    assert_eq!(only_on_crm(&contacts)["first_name"], "Ada");
    assert_eq!(SEEN.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_handler_gets_who_sends_it_and_the_whole_body() {
    let shows = |call: Call| async move {
        Ok(json!([call.auth.token.expose(), call.auth.client, call.data]))
    };
    let contacts =
        silent_with(CONFIG, |setup| setup.on(Kind::Action, Pattern::regex(".*").unwrap(), shows))
            .await;
    let integration = contacts.install().await;
    let body = json!({ "action": "a", "data": { "contact_id": 1 }, "bot_id": 7 });
    let (_, answer) = contacts.event(TOKEN, &body).await;
    assert_eq!(answer["data"], json!([TOKEN, { "integration": integration }, body]));
    let (_, answer) = contacts.event(TOKEN, &json!({ "action": "a" })).await;
    assert_eq!(answer["data"][2], json!({ "action": "a" }));
}

#[tokio::test]
async fn an_action_and_a_reply_are_forwarded_as_they_came() {
    let server = Recorder::answering(200, r#"{"price": 3}"#).await;
    let url = &server.url;
    let config = config_with(&format!(
        "  actions: [{{name: quote_price, forward: {{url: '{url}/q', headers: {{x-key: k3y}}}}}}]
  events: [{{pattern: '(user|bot)_reply', forward: {{url: '{url}/r'}}}}]"
    ));
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    let body = json!({ "action": "quote_price", "data": { "contact_id": 122 }, "bot_id": "b" });
    let expected = json!({ "success": true, "type": "data", "data": { "price": 3 } });
    assert_eq!(contacts.event(TOKEN, &body).await, (200, expected.clone()));
    for name in ["user_reply", "bot_reply"] {
        assert_eq!(event(&contacts, name, json!({ "text": name })).await, (200, expected.clone()));
    }
    event(&contacts, "bot_replying", json!({})).await;

    let got = server.got();
    assert_eq!(got.len(), 3);
    assert_eq!((&got[0].body, &got[0].headers["x-key"]), (&body, &"k3y".parse().unwrap()));
    assert!(!got[0].headers.contains_key("authorization"), "the token is nobody else's");
    for (got, name) in got[1..].iter().zip(["user_reply", "bot_reply"]) {
        assert_eq!(got.body, json!({ "event": name, "data": { "text": name } }));
        assert!(!got.headers.contains_key("authorization"), "{name}");
    }
}
