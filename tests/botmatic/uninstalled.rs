//! What an instance does that has not noticed yet that an integration is gone.

use patchcord::ground::http::client;
use patchcord_tests::contacts::{Contacts, TOKEN, answer};
use serde_json::{Value, json};

use crate::helpers::{Answered, event, fields, installed, items, pairs, push};

/// The same as [`event`], to another instance.
async fn event_to(url: &str, name: &str, data: Value) -> Answered {
    let body = json!({ "event": name, "data": data }).to_string();
    let request = client().unwrap().post(format!("{url}/botmatic"));
    answer(request.bearer_auth(TOKEN).body(body)).await
}

/// An integration that was uninstalled by another instance than the one that remembers it.
async fn uninstalled_elsewhere() -> (Contacts, String) {
    let (contacts, integration) = installed().await;
    let known = json!({ "id": 1, "firstname": "Ada" });
    assert_eq!(event(&contacts, "contact_created", known).await.1["success"], true);
    let other = contacts.another_instance().await;
    let (_, answer) = event_to(&other, "uninstall", Value::Null).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert!(items(&contacts).await.is_empty());
    (contacts, integration)
}

#[tokio::test]
async fn nothing_is_created_for_an_integration_that_is_gone() {
    let (contacts, _) = uninstalled_elsewhere().await;
    let before = contacts.crm.requests().total();
    contacts.crm.user_creates("local", fields(json!({ "email": "bob@example.com" }))).unwrap();
    for data in [
        json!({ "id": 1, "firstname": "Ada" }),
        json!({ "id": 2, "email": "bob@example.com" }),
        json!({ "id": 3, "email": "eve@example.com" }),
    ] {
        for name in ["contact_created", "contact_updated"] {
            let (status, answer) = event(&contacts, name, data.clone()).await;
            assert_eq!((status, &answer["success"]), (200, &json!(false)), "{data}: {answer}");
        }
    }
    assert!(pairs(&contacts).await.is_empty());
    assert_eq!(contacts.crm.requests().total(), before, "nothing was asked, nothing was made");
    let expire = items(&contacts).await.iter().all(|item| item.contains_key("expires_at"));
    assert!(expire, "what was claimed expires");
}

#[tokio::test]
async fn the_crm_is_refused_at_once() {
    let (contacts, integration) = uninstalled_elsewhere().await;
    let ada = json!({ "id": "c-9", "first_name": "Ada" });
    assert_eq!(push(&contacts, &integration, ("POST", "/contacts"), ada).await.0, 401);
    assert!(items(&contacts).await.is_empty());
}
