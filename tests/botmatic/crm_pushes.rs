//! "The operations", from the external side: plain requests, with its key or a signature.

use patchcord::ground::clock::{Clock as _, SystemClock, Timestamp};
use patchcord::ground::http::client;
use patchcord::ground::standard_webhook::{ID, SIGNATURE, TIMESTAMP, WebhookKey};
use patchcord_tests::contacts::{CONFIG, Contacts, PUSH_KEY, answer};
use serde_json::{Value, json};

use crate::helpers::{Answered, installed, items, pairs, push, silent_with};

const SIGNING_SECRET: &str = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy1sb25nLWVub3VnaA==";

fn on_botmatic(contacts: &Contacts) -> Vec<Value> {
    contacts.botmatic.contacts("local").iter().map(|it| contacts.botmatic.to_json(it)).collect()
}

#[tokio::test]
async fn a_created_contact_is_created_on_botmatic_and_paired() {
    let (contacts, integration) = installed().await;
    let ada = json!({ "id": "c-9", "first_name": "Ada", "address": { "city": "Paris" } });
    let create = ("POST", "/contacts");
    let (status, answer) = push(&contacts, &integration, create, ada.clone()).await;
    assert_eq!((status, &answer["outcome"]), (201, &json!("done")), "{answer}");
    assert_eq!(answer["external_id"], "c-9");
    let held = on_botmatic(&contacts);
    assert_eq!(held.len(), 1);
    assert_eq!((&held[0]["firstname"], &held[0]["city"]), (&json!("Ada"), &json!("Paris")));
    assert_eq!(pairs(&contacts).await.len(), 2);

    let (status, answer) = push(&contacts, &integration, create, ada).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("unchanged")), "told twice");
    assert_eq!(contacts.botmatic.requests().count("POST", "/api/contacts"), 1);
    let other = json!({ "id": "c-9", "first_name": "Augusta" });
    let (status, answer) = push(&contacts, &integration, create, other).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("done")), "it is a change: {answer}");
}

#[tokio::test]
async fn updates_and_a_deletion_reach_botmatic() {
    let (contacts, integration) = installed().await;
    for (id, name) in [("c-1", "Ada"), ("c-2", "Bob")] {
        let body = json!({ "id": id, "first_name": name });
        push(&contacts, &integration, ("POST", "/contacts"), body).await;
    }
    let change = json!({ "first_name": "Augusta" });
    let (status, answer) = push(&contacts, &integration, ("PATCH", "/contacts/c-1"), change).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("done")), "{answer}");
    let many = json!({ "contacts": [
        { "id": "c-1", "score": 5 }, { "id": "c-8", "score": 6 }, { "id": "c-2", "first_name": "Rob" },
    ] });
    let (status, answer) = push(&contacts, &integration, ("PATCH", "/contacts"), many).await;
    assert_eq!((status, &answer["success"]), (200, &json!(false)), "one of them is unknown");
    let each: Vec<_> = answer["contacts"].as_array().unwrap().iter().collect();
    let outcomes: Vec<_> = each.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["done", "not found", "done"]);
    assert_eq!(each[1]["error"], "resource not found");
    let held = on_botmatic(&contacts);
    assert_eq!((&held[0]["firstname"], &held[0]["score"]), (&json!("Augusta"), &json!(5)));
    assert_eq!(held[1]["firstname"], "Rob");

    let delete = ("DELETE", "/contacts/c-1");
    let (status, answer) = push(&contacts, &integration, delete, Value::Null).await;
    assert_eq!((status, answer), (204, json!("")));
    assert_eq!(contacts.botmatic.count("local"), 1);
    assert_eq!(pairs(&contacts).await.len(), 2);
    let (status, answer) = push(&contacts, &integration, delete, Value::Null).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("deleted before")));
}

#[tokio::test]
async fn a_contact_that_comes_several_times_ends_as_its_last_entry_says() {
    let config = CONFIG.replace(
        "{type: rest, base_url: CRM, token: local-crm-key}",
        "{type: http, base_url: CRM, operations: {
            create_contact: {method: POST, path: /contacts, json: '{{ contact }}'}}}",
    );
    let contacts = silent_with(&config, |setup| setup).await;
    let integration = contacts.install().await;
    for id in ["c-1", "c-2"] {
        let body = json!({ "id": id, "first_name": "Ada" });
        push(&contacts, &integration, ("POST", "/contacts"), body).await;
    }
    let entries = (1..=16).map(|n| json!({ "id": format!("c-{}", 1 + n % 2), "score": n }));
    let entries: Vec<_> = entries.collect();
    let (_, answer) = push(&contacts, &integration, ("PATCH", "/contacts"), json!(entries)).await;
    let each = answer["contacts"].as_array().unwrap();
    let ids: Vec<_> = each.iter().map(|it| it["external_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["c-2", "c-1"].repeat(8), "in the order of the request");
    assert!(each.iter().all(|it| it["outcome"] == "done"), "{answer}");
    let scores: Vec<_> = on_botmatic(&contacts).iter().map(|it| it["score"].clone()).collect();
    assert_eq!(scores, [16, 15]);
}

#[tokio::test]
async fn without_a_pair_updates_and_deletions_find_nothing() {
    let (contacts, integration) = installed().await;
    let asked = contacts.botmatic.requests().total();
    for (route, body) in [
        (("PATCH", "/contacts/c-1"), json!({ "first_name": "Ada" })),
        (("DELETE", "/contacts/c-1"), Value::Null),
    ] {
        let (status, answer) = push(&contacts, &integration, route, body).await;
        assert_eq!((status, &answer["detail"]), (404, &json!("resource not found")), "{route:?}");
    }
    assert_eq!(contacts.botmatic.requests().total(), asked);
    assert_eq!(contacts.crm.requests().total(), 0);
}

#[tokio::test]
async fn requests_that_make_no_sense_are_told_what_is_missing() {
    let (contacts, integration) = installed().await;
    for (name, route, body, expected) in [
        ("no id", ("POST", "/contacts"), json!({ "first_name": "Ada" }), 422),
        ("one without id", ("PATCH", "/contacts"), json!([{ "id": "c-1" }, {}]), 422),
        ("no list", ("PATCH", "/contacts"), json!({ "id": "c-1" }), 400),
        ("no contact", ("PATCH", "/contacts/c-1"), json!([]), 400),
        ("a wrong method", ("PUT", "/contacts/c-1"), json!({}), 405),
        ("a wrong method", ("DELETE", "/contacts"), json!({}), 405),
        ("a long id", ("PATCH", &*format!("/contacts/{}", "x".repeat(901))), json!({}), 400),
        ("no vendor", ("POST", "/contacts/hooks"), json!([]), 401),
    ] {
        let (status, answer) = push(&contacts, &integration, route, body).await;
        assert_eq!(status, expected, "{name}: {answer}");
    }
    assert_eq!(items(&contacts).await.len(), 2);
}

/// `POST /contacts` at `now`, with these headers.
async fn signed(contacts: &Contacts, path: &str, headers: &[(&str, &str)]) -> Answered {
    let request = client().unwrap().post(format!("{}{path}", contacts.url));
    let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
    answer(request.body(BODY)).await
}

const BODY: &str = r#"{"id": "c-1", "first_name": "Ada"}"#;

#[tokio::test]
async fn only_who_has_the_key_or_signs_may_push() {
    let push = format!("push: {{key: {PUSH_KEY}, signing_secret: {SIGNING_SECRET}}}");
    let config = CONFIG.replace("push: {key: local-crm-key}", &push);
    let contacts = silent_with(&config, |setup| setup).await;
    let integration = contacts.install().await;
    let path = format!("/contacts?integration={integration}");

    let now = SystemClock.now().as_secs();
    let sign = |secret: &str, at: u64, body: &str| {
        let at = Timestamp::from_millis(at * 1_000);
        WebhookKey::parse(secret).unwrap().sign("msg_1", at, body.as_bytes())
    };
    let other_secret = "whsec_b3RoZXItc2VjcmV0LWxvbmctZW5vdWdoLTEyMw==";
    let bearer = |key: &str| vec![("authorization", format!("Bearer {key}"))];
    let signature = |at: u64, signature: String| {
        vec![(ID, "msg_1".to_owned()), (TIMESTAMP, at.to_string()), (SIGNATURE, signature)]
    };
    for (name, headers, expected) in [
        ("nothing", vec![], 401),
        ("another key", bearer("another"), 401),
        ("another secret", signature(now, sign(other_secret, now, BODY)), 401),
        ("another body", signature(now, sign(SIGNING_SECRET, now, "{}")), 401),
        ("long ago", signature(now - 600, sign(SIGNING_SECRET, now - 600, BODY)), 401),
        ("another time", signature(now, sign(SIGNING_SECRET, now - 600, BODY)), 401),
        ("signed", signature(now, sign(SIGNING_SECRET, now, BODY)), 201),
        ("with the key", bearer(PUSH_KEY), 200),
    ] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, answer) = signed(&contacts, &path, &headers).await;
        assert_eq!(status, expected, "{name}: {answer}");
    }
    let key = format!("Bearer {PUSH_KEY}");
    let with_key = [("authorization", key.as_str())];
    for (path, expected) in [("/contacts", 400), ("/contacts?integration=nobody", 401)] {
        assert_eq!(signed(&contacts, path, &with_key).await.0, expected, "{path}");
    }
}
