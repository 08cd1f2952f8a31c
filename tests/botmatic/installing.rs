//! "The operations": install and uninstall.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock};

use patchcord::botmatic::endpoint::{Call, HandlerError, Kind, Pattern};
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::contacts::{CONFIG, TOKEN};
use serde_json::{Value, json};

use crate::helpers::{
    Recorder, botmatic_is_down, config_with, event, installed, items, items_at, silent, silent_with,
};

#[tokio::test]
async fn an_installation_stores_the_token_makes_properties_and_runs_the_callback() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let callback = |call: Call| async move {
        CALLS.fetch_add(1, SeqCst);
        Ok(json!([call.auth.token.expose() == TOKEN, call.auth.client, call.data]))
    };
    let contacts = silent_with(CONFIG, |setup| {
        setup.on(Kind::Event, Pattern::name("install").unwrap(), callback)
    })
    .await;
    let body = json!({ "event": "install", "data": { "bot_id": 5 } });
    let (status, answer) = contacts.event(TOKEN, &body).await;
    assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
    assert_eq!(CALLS.load(SeqCst), 1);
    assert_eq!(answer["data"][0], true);
    assert!(answer["data"][1]["integration"].is_string(), "{answer}");
    assert_eq!(answer["data"][2], body);

    let properties = contacts.botmatic.properties("local");
    let names: Vec<_> =
        properties.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
    let expected =
        [("city", "text"), ("email", "text"), ("firstname", "text"), ("score", "number")];
    assert_eq!(names, expected, "every mapped one except the id");

    let stored = items(&contacts).await;
    assert_eq!(stored.len(), 2, "the integration, and where its token is found");
    assert!(!format!("{stored:?}").contains(TOKEN), "sealed");
    assert_eq!(event(&contacts, "contact_deleted", json!({ "contact_id": 1 })).await.0, 200);
}

#[tokio::test]
async fn a_token_that_botmatic_does_not_know_installs_nothing() {
    let contacts = silent().await;
    let body = json!({ "event": "install" });
    assert_eq!(contacts.event("unknown", &body).await, (401, json!("Not authorized.")));
    assert_eq!(items(&contacts).await, []);
    assert!(contacts.botmatic.properties("local").is_empty());
}

#[tokio::test]
async fn an_installation_may_be_repeated() {
    let (contacts, integration) = installed().await;
    event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Ada" })).await;
    let before = items(&contacts).await.len();
    assert_eq!(contacts.install().await, integration);
    assert_eq!(items(&contacts).await.len(), before);
}

#[tokio::test]
async fn an_uninstallation_runs_the_callback_and_leaves_nothing() {
    let server = Recorder::answering(200, r#"{"bye": true}"#).await;
    let url = &server.url;
    let config =
        config_with(&format!("  events: [{{name: uninstall, forward: {{url: '{url}'}}}}]"));
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    for id in 1..=30 {
        event(&contacts, "contact_created", json!({ "id": id, "score": id })).await;
    }
    event(&contacts, "contact_deleted", json!({ "contact_id": 30 })).await;
    assert!(items(&contacts).await.len() > 60);

    let body = json!({ "event": "uninstall" });
    let expected = json!({ "success": true, "type": "data", "data": { "bye": true } });
    assert_eq!(contacts.event(TOKEN, &body).await, (200, expected));
    assert_eq!(server.got().len(), 1);
    assert_eq!(items(&contacts).await, [], "pairs, settings, token: all is gone");
    assert_eq!(contacts.crm.count("local"), 29, "the contacts stay");

    let refused = (401, json!("Not authorized"));
    assert_eq!(event(&contacts, "contact_created", json!({ "id": 61 })).await, refused);
    let again = contacts.event(TOKEN, &body).await;
    assert_eq!((again.0, &again.1["success"]), (200, &json!(true)), "repeated, it is still gone");
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn an_uninstallation_whose_callback_fails_still_leaves_nothing_and_says_so() {
    let fails = |_: Call| async { Err(HandlerError::new("the billing did not answer")) };
    let contacts = silent_with(CONFIG, |setup| {
        setup.on(Kind::Event, Pattern::name("uninstall").unwrap(), fails)
    })
    .await;
    contacts.install().await;
    let (status, answer) = event(&contacts, "uninstall", Value::Null).await;
    assert_eq!((status, &answer["success"]), (200, &json!(false)));
    assert_eq!(answer["data"]["error"], "the billing did not answer");
    assert_eq!(items(&contacts).await, []);
}

#[tokio::test]
async fn the_callback_is_asked_before_anything_is_deleted() {
    let table = Arc::<OnceLock<String>>::default();
    let (endpoint, held) = (Arc::clone(&table), Arc::<Mutex<Vec<usize>>>::default());
    let seen = Arc::clone(&held);
    let callback = move |_: Call| {
        let (endpoint, seen) = (Arc::clone(&endpoint), Arc::clone(&seen));
        async move {
            let count = items_at(endpoint.get().unwrap()).await.len();
            seen.lock().unwrap().push(count);
            Ok(Value::Null)
        }
    };
    let contacts = silent_with(CONFIG, |setup| {
        setup.on(Kind::Event, Pattern::name("uninstall").unwrap(), callback)
    })
    .await;
    table.set(contacts.dynamo.endpoint()).unwrap();
    contacts.install().await;
    for id in 1..=3 {
        event(&contacts, "contact_created", json!({ "id": id, "score": id })).await;
    }
    let before = items(&contacts).await.len();
    event(&contacts, "uninstall", Value::Null).await;
    assert_eq!(*held.lock().unwrap(), [before], "pairs, settings and token");
    assert_eq!(items(&contacts).await, []);
}

#[tokio::test]
async fn one_tenants_uninstallation_leaves_the_others_alone() {
    let (contacts, _) = installed().await;
    contacts.botmatic.add_key("other", "other-token");
    contacts.event("other-token", &json!({ "event": "install" })).await;
    let ada = json!({ "event": "contact_created", "data": { "id": 1, "firstname": "Ada" } });
    contacts.event(TOKEN, &ada).await;
    contacts.event("other-token", &ada).await;
    assert_eq!(contacts.crm.count("local"), 2, "the same id, two tenants");
    contacts.event("other-token", &json!({ "event": "uninstall" })).await;
    assert_eq!(items(&contacts).await.len(), 4);
    let (_, answer) = contacts.event(TOKEN, &ada).await;
    assert_eq!(answer["data"]["outcome"], "unchanged", "{answer}");
}

#[tokio::test]
async fn botmatic_not_answering_is_no_refusal() {
    let contacts = silent().await;
    botmatic_is_down(&contacts);
    for name in ["install", "uninstall"] {
        assert_eq!(event(&contacts, name, Value::Null).await.0, 503, "{name}");
    }
    assert_eq!(items(&contacts).await, [], "nothing half-written");
    contacts.botmatic.set_faults(Faults::default()).unwrap();
    contacts.install().await;
}

#[tokio::test]
async fn botmatic_refusing_something_else_than_the_token_is_502() {
    let contacts = silent().await;
    for (name, path) in [
        ("install", "/api/integrationtokens/validate"),
        ("uninstall", "/api/integrationtokens/validate"),
        ("install", "/api/properties"),
    ] {
        let rule = Rule::once("POST", path, Fault::Status(422));
        contacts.botmatic.set_faults(Faults { script: vec![rule], ..Faults::default() }).unwrap();
        let (status, answer) = event(&contacts, name, Value::Null).await;
        assert_eq!(status, 502, "{name}, {path}: {answer}");
        assert!(answer["detail"].as_str().unwrap().contains("422"), "{name}, {path}: {answer}");
    }
    contacts.install().await;
}

#[tokio::test]
async fn an_installation_whose_properties_failed_is_finished_by_the_next() {
    let contacts = silent().await;
    let mut rule = Rule::once("POST", "/api/properties", Fault::Status(503));
    rule.times = 4;
    contacts.botmatic.set_faults(Faults { script: vec![rule], ..Faults::default() }).unwrap();
    assert_eq!(event(&contacts, "install", Value::Null).await.0, 503);
    contacts.install().await;
    assert_eq!(contacts.botmatic.properties("local").len(), 4);
    assert_eq!(items(&contacts).await.len(), 2);
}
