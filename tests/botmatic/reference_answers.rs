//! "Where the reference goes wrong", on authentication, answers, errors, and what is mapped.

use std::future::ready;

use patchcord::botmatic::endpoint::{Auth, AuthError, Call, HandlerError, Kind, Pattern};
use patchcord::ground::http::client;
use patchcord::ground::secret::Secret;
use patchcord_local::standins::{Fault, Faults, Reject, Rule};
use patchcord_tests::contacts::{CONFIG, PUSH_KEY, TOKEN};
use serde_json::{Value, json};

use crate::helpers::{
    Recorder, action, botmatic_is_down, event, fields, installed, only_on_crm, push, silent,
    silent_with,
};

#[tokio::test]
async fn nobody_is_accepted_when_no_auth_is_given() {
    let contacts = silent().await;
    for token in ["", "x", "false", TOKEN] {
        let (status, answer) = contacts.event(token, &json!({ "action": "a" })).await;
        assert_eq!((status, answer), (401, json!("Not authorized")), "{token}");
    }
}

#[tokio::test]
async fn a_refusal_of_a_synchronous_auth_is_a_refusal_and_ends_no_process() {
    let auth = |token: Secret| {
        let accepted = token.expose() == "good";
        let auth = Auth { token, client: Some(json!("a plain text")) };
        ready(if accepted { Ok(auth) } else { Err(AuthError::Refused) })
    };
    let contacts = silent_with(CONFIG, |setup| setup.auth(auth)).await;
    for (token, expected) in [("bad", 401), ("good", 200), ("bad", 401)] {
        assert_eq!(contacts.event(token, &json!({ "action": "a" })).await.0, expected, "{token}");
    }
}

#[tokio::test]
async fn an_answer_says_success_once() {
    let fails = |_: Call| async { Err(HandlerError { data: json!({ "error": "no" }) }) };
    let contacts =
        silent_with(CONFIG, |setup| setup.on(Kind::Action, Pattern::name("fails").unwrap(), fails))
            .await;
    contacts.install().await;
    let reject = Reject { field: "first_name".to_owned(), value: json!("Eve"), whole: false };
    contacts.crm.change_settings(|settings| settings.reject = vec![reject]);
    let refused = event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Eve" })).await;
    for (status, answer) in [refused, action(&contacts, "fails", Value::Null).await] {
        assert_eq!((status, &answer["success"]), (200, &json!(false)), "{answer}");
        assert!(answer["data"]["error"].is_string(), "{answer}");
        assert_eq!(answer["data"].get("success"), None, "{answer}");
    }
    let (_, answer) =
        event(&contacts, "contact_created", json!({ "id": 2, "firstname": "Ada" })).await;
    assert_ne!(answer["data"]["success"], false, "{answer}");
}

#[tokio::test]
async fn an_error_keeps_its_status_and_no_value() {
    let (contacts, _) = installed().await;
    let rule = Rule::once("POST", "/contacts", Fault::Status(403));
    contacts.crm.set_faults(Faults { script: vec![rule], ..Faults::default() }).unwrap();
    let eve = json!({ "id": 1, "firstname": "Evangeline" });
    let (_, answer) = event(&contacts, "contact_created", eve).await;
    let error = answer["data"]["error"].as_str().unwrap();
    assert!(error.contains("403") && !error.contains("Evangeline"), "{error}");
}

#[tokio::test]
async fn what_may_succeed_is_tried_again_and_then_left_to_botmatic() {
    let (contacts, _) = installed().await;
    let script = |times| {
        let rule = Rule { times, ..Rule::once("POST", "/contacts", Fault::Status(503)) };
        contacts.crm.set_faults(Faults { script: vec![rule], ..Faults::default() }).unwrap();
    };
    script(1);
    let (_, answer) = event(&contacts, "contact_created", json!({ "id": 1, "score": 1 })).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    script(1_000);
    let url = format!("{}/botmatic", contacts.url);
    let body = json!({ "event": "contact_created", "data": { "id": 2, "score": 2 } });
    let response = client().unwrap().post(url).bearer_auth(TOKEN).body(body.to_string()).send();
    let response = response.await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    script(0);
    assert_eq!(contacts.event(TOKEN, &body).await.1["success"], true);
    assert_eq!(contacts.crm.count("local"), 2);
}

#[tokio::test]
async fn any_2xx_is_a_success_and_no_body_ends_the_process() {
    for (name, status, body) in [
        ("200 for a creation", 200, r#"{"id": 9}"#),
        ("202", 202, r#"{"id": "c-9", "more": [null]}"#),
    ] {
        let crm = Recorder::answering(status, body).await;
        let contacts = silent_with(&CONFIG.replace("CRM", &crm.url), |setup| setup).await;
        contacts.install().await;
        let (_, answer) = event(&contacts, "contact_created", json!({ "id": 1, "score": 1 })).await;
        assert_eq!(answer["data"]["outcome"], "done", "{name}: {answer}");
    }
    for (name, status, body) in
        [("empty", 200, ""), ("no JSON", 201, "<html>"), ("no id", 201, "{}")]
    {
        let crm = Recorder::answering(status, body).await;
        let contacts = silent_with(&CONFIG.replace("CRM", &crm.url), |setup| setup).await;
        contacts.install().await;
        let created = event(&contacts, "contact_created", json!({ "id": 1, "score": 1 })).await;
        assert_ne!(created.1["success"], true, "{name}: {}", created.1);
        assert_eq!(action(&contacts, "still there", Value::Null).await.0, 200, "{name}");
    }
}

#[tokio::test]
async fn no_side_is_sent_the_others_id_as_its_own() {
    let crm = Recorder::answering(201, r#"{"id": "c-9"}"#).await;
    let contacts = silent_with(&CONFIG.replace("CRM", &crm.url), |setup| setup).await;
    contacts.install().await;
    event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Ada" })).await;
    event(&contacts, "contact_updated", json!({ "id": 1, "firstname": "A." })).await;
    let sent: Vec<_> = crm.got().into_iter().map(|it| it.body).collect();
    assert_eq!(sent, [json!({ "first_name": "Ada" }), json!({ "first_name": "A." })]);

    let (contacts, integration) = installed().await;
    let body = json!({ "id": "c-8", "first_name": "Bob" });
    push(&contacts, &integration, ("POST", "/contacts"), body).await;
    let bob = &contacts.botmatic.contacts("local")[0];
    assert_eq!(bob.fields, fields(json!({ "firstname": "Bob" })));
}

#[tokio::test]
async fn a_transform_that_fails_loses_one_field_and_not_the_contact() {
    let broken = "{botmatic: {name: city, type: text}, ext: {name: address.city, \
        transform: {expression: value + 1}}, clear: true}";
    let city = "{botmatic: {name: city, type: text}, ext: {name: address.city}, clear: true}";
    let contacts = silent_with(&CONFIG.replace(city, broken), |setup| setup).await;
    contacts.install().await;
    let ada = json!({ "id": 1, "firstname": "Ada", "city": "Paris" });
    let (_, answer) = event(&contacts, "contact_created", ada).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    let crm = only_on_crm(&contacts);
    assert_eq!((&crm["first_name"], crm.get("address")), (&json!("Ada"), None));
}

#[tokio::test]
async fn a_field_can_be_cleared() {
    let (contacts, _) = installed().await;
    let ada = json!({ "id": 1, "firstname": "Ada", "city": "Paris", "score": 3 });
    event(&contacts, "contact_created", ada).await;
    let cleared = json!({ "id": 1, "firstname": "Ada", "city": "", "score": "" });
    event(&contacts, "contact_updated", cleared).await;
    let crm = only_on_crm(&contacts);
    assert_ne!(crm["address"]["city"], "Paris", "{crm}");
    assert_eq!(crm["score"], 3, "it is not marked with `clear`");
}

#[tokio::test]
async fn botmatic_being_down_does_not_look_like_a_bad_token() {
    let (contacts, integration) = installed().await;
    botmatic_is_down(&contacts);
    let body = json!({ "id": "c-1", "first_name": "Ada" });
    let url = format!("{}/contacts?integration={integration}", contacts.url);
    let response = client().unwrap().post(url).bearer_auth(PUSH_KEY).body(body.to_string());
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    for name in ["install", "uninstall"] {
        assert_eq!(event(&contacts, name, Value::Null).await.0, 503, "{name}");
    }
}
