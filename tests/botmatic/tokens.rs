//! Tokens: how long an instance trusts one, and what becomes of a renewed one.

use aws_sdk_dynamodb::types::AttributeValue;
use patchcord::ground::http::client;
use patchcord_local::tables::{self, Table};
use patchcord_tests::contacts::{Contacts, TOKEN, answer};
use serde_json::{Value, json};

use crate::helpers::{Answered, botmatic_is_down, event, installed, items, only_on_crm, pairs};

const ADMIN: &str = "the-admins-key";

async fn renew(contacts: &Contacts, key: &str, integration: &str, body: Value) -> Answered {
    let url = format!("{}/integrations/{integration}/token", contacts.url);
    answer(client().unwrap().put(url).bearer_auth(key).body(body.to_string())).await
}

fn updated(name: &str) -> Value {
    json!({ "event": "contact_updated", "data": { "id": 1, "firstname": name } })
}

#[tokio::test]
async fn a_renewed_token_keeps_the_pairs_and_the_old_one_is_refused() {
    let (contacts, integration) = installed().await;
    event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Ada" })).await;
    let before = pairs(&contacts).await;
    contacts.botmatic.add_key("local", "renewed");

    let body = json!({ "token": "renewed" });
    let renewed = renew(&contacts, ADMIN, &integration, body.clone()).await;
    assert_eq!(renewed, (200, json!({ "success": true })));
    assert_eq!(contacts.event(TOKEN, &updated("Old")).await, (401, json!("Not authorized")));
    let (_, answer) = contacts.event("renewed", &updated("Augusta")).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    assert_eq!(only_on_crm(&contacts)["first_name"], "Augusta");
    assert_eq!(pairs(&contacts).await, before);
    // Botmatic still knows the old one. It is another integration's from now on.
    assert_eq!(renew(&contacts, ADMIN, &integration, body).await.0, 200, "it may be repeated");
}

#[tokio::test]
async fn who_may_renew_a_token_and_with_what() {
    let (contacts, integration) = installed().await;
    contacts.botmatic.add_key("local", "renewed");
    contacts.botmatic.add_key("other", "others");
    contacts.event("others", &json!({ "event": "install" })).await;
    let token = |token: &str| json!({ "token": token });
    for (name, key, id, body, expected) in [
        ("not the admin", TOKEN, &*integration, token("renewed"), 401),
        ("no token", ADMIN, &integration, json!({}), 400),
        ("an empty token", ADMIN, &integration, token(""), 400),
        ("no text", ADMIN, &integration, json!({ "token": 5 }), 400),
        ("no object", ADMIN, &integration, json!(["renewed"]), 400),
        ("no such integration", ADMIN, "nobody", token("renewed"), 404),
        ("unknown to Botmatic", ADMIN, &integration, token("unknown"), 422),
        ("another integration's", ADMIN, &integration, token("others"), 409),
    ] {
        let (status, answer) = renew(&contacts, key, id, body).await;
        assert_eq!(status, expected, "{name}: {answer}");
    }
    botmatic_is_down(&contacts);
    assert_eq!(renew(&contacts, ADMIN, &integration, token("renewed")).await.0, 503);
    assert_eq!(event(&contacts, "contact_deleted", json!({ "id": 1 })).await.0, 200, "unchanged");
}

#[tokio::test]
async fn a_token_that_was_just_used_is_not_looked_up_again() {
    let (contacts, _) = installed().await;
    assert_eq!(event(&contacts, "contact_deleted", json!({ "id": 1 })).await.0, 200);
    forget_token(&contacts).await;
    assert_eq!(event(&contacts, "contact_deleted", json!({ "id": 2 })).await.0, 200);
    // What installs and uninstalls asks the store.
    let (_, answer) = event(&contacts, "uninstall", Value::Null).await;
    assert_eq!((&answer["success"], &answer["data"]), (&json!(true), &Value::Null));
}

/// Deletes what the token is found by, as another instance might.
async fn forget_token(contacts: &Contacts) {
    let items = items(contacts).await;
    let key = |name: &str| items.iter().find_map(|item| token_key(&item[name]));
    let client = tables::client(&contacts.dynamo.endpoint());
    let delete = client.delete_item().table_name(Table::CONTACTS);
    let delete = delete.key("pk", key("pk").unwrap()).key("sk", AttributeValue::S("#".into()));
    delete.send().await.unwrap();
}

fn token_key(value: &AttributeValue) -> Option<AttributeValue> {
    value.as_s().is_ok_and(|text| text.starts_with("token#")).then(|| value.clone())
}
