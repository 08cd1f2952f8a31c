//! Bad input: clear errors, and nothing half-written.

use patchcord_tests::contacts::{Contacts, TOKEN};
use serde_json::{Map, Value, json};

use crate::helpers::{event, installed, items, only_on_crm, push};

/// Nothing was written but the integration and its token; that a contact was claimed expires.
async fn nothing_is_written(contacts: &Contacts, name: &str) {
    let items = items(contacts).await;
    let kept = items.iter().filter(|item| !item.contains_key("expires_at"));
    assert_eq!(kept.count(), 2, "{name}");
    assert_eq!(contacts.crm.requests().total(), 0, "{name}");
    assert_eq!(contacts.botmatic.count("local"), 0, "{name}");
}

#[tokio::test]
async fn contacts_that_are_none_are_refused_before_anything_happens() {
    let (contacts, _) = installed().await;
    for (name, kind, data) in [
        ("nothing", "contact_created", Value::Null),
        ("a text", "contact_created", json!("Ada")),
        ("a list", "contact_updated", json!([{ "id": 1 }])),
        ("no id", "contact_created", json!({ "firstname": "Ada" })),
        ("an empty id", "contact_created", json!({ "id": "" })),
        ("a fraction", "contact_updated", json!({ "id": 1.5 })),
        ("an object for an id", "contact_updated", json!({ "id": { "id": 1 } })),
        ("a long id", "contact_updated", json!({ "id": "x".repeat(901) })),
        ("nested without id", "contact_created", json!({ "contact_created": {} })),
        ("nothing to delete", "contact_deleted", json!({})),
        ("no id to delete", "contact_deleted", json!({ "contact_id": null })),
        ("a list to delete", "contact_deleted", json!({ "contact_id": [1] })),
    ] {
        let (status, answer) = event(&contacts, kind, data).await;
        assert_eq!(status, 400, "{name}: {answer}");
        assert!(answer["detail"].as_str().unwrap().contains("id"), "{name}: {answer}");
        nothing_is_written(&contacts, name).await;
    }
}

#[tokio::test]
async fn values_of_the_wrong_type_are_left_out_and_the_others_are_not() {
    let (contacts, _) = installed().await;
    let data =
        json!({ "id": 1, "firstname": "Ada", "score": "many", "city": { "a": [1] }, "unknown": 5 });
    let (status, answer) = event(&contacts, "contact_created", data).await;
    assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
    let crm = only_on_crm(&contacts);
    assert_eq!((&crm["first_name"], crm.get("score")), (&json!("Ada"), None), "{crm}");
    assert_eq!(crm.get("unknown"), None);
}

#[tokio::test]
async fn a_contact_with_5000_fields_is_refused_as_a_whole() {
    let (contacts, integration) = installed().await;
    let mut many: Map<_, _> = (0..5_000).map(|n| (format!("field_{n}"), json!(n))).collect();
    many.insert("id".to_owned(), json!("c-1"));
    for name in ["contact_created", "contact_updated"] {
        let (status, answer) = event(&contacts, name, json!(many)).await;
        assert_eq!((status, &answer["success"]), (200, &json!(false)));
        assert_eq!(answer["data"]["error"], "expected a contact of at most 2000 fields");
        nothing_is_written(&contacts, name).await;
    }
    for (route, body, place) in [
        (("POST", "/contacts"), json!(many), "fields"),
        (("PATCH", "/contacts/c-1"), json!(many), "fields"),
        (("PATCH", "/contacts"), json!({ "contacts": [{ "id": "c-2" }, many] }), "`contacts.1`"),
    ] {
        let (status, answer) = push(&contacts, &integration, route, body).await;
        assert_eq!(status, 400, "{answer}");
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.contains("at most 2000 fields") && detail.contains(place), "{detail}");
        nothing_is_written(&contacts, route.1).await;
    }
}

#[tokio::test]
async fn more_than_a_megabyte_is_too_much_everywhere() {
    let (contacts, integration) = installed().await;
    let long = "x".repeat(1_000_001);
    let data = json!({ "event": "contact_created", "data": { "id": 1, "firstname": long } });
    assert_eq!(contacts.event(TOKEN, &data).await.0, 413);
    assert_eq!(contacts.event("unknown", &data).await.0, 413);
    let body = json!({ "id": "c-1", "first_name": long });
    for route in [("POST", "/contacts"), ("PATCH", "/contacts/c-1"), ("POST", "/contacts/hooks")] {
        let (status, answer) = push(&contacts, &integration, route, body.clone()).await;
        assert_eq!(status, 413, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains("1000000 bytes"), "{answer}");
    }
    nothing_is_written(&contacts, "too long").await;
}

#[tokio::test]
async fn no_answer_quotes_what_was_sent() {
    let (contacts, integration) = installed().await;
    let mark = "s3cret-value";
    for body in [
        json!({ "event": mark.len(), "data": mark }),
        json!({ "event": "contact_created", "data": mark }),
        json!({ "event": "contact_created", "data": { "id": { "x": mark } } }),
    ] {
        let (_, answer) = contacts.event(TOKEN, &body).await;
        assert!(!answer.to_string().contains(mark), "{answer}");
    }
    for body in [json!(mark), json!({ "id": { "x": mark } }), json!({ "first_name": mark })] {
        let (status, answer) = push(&contacts, &integration, ("POST", "/contacts"), body).await;
        assert!((400..500).contains(&status), "{answer}");
        assert!(!answer.to_string().contains(mark), "{answer}");
    }
}
