//! The preset `hubspot`.

use std::time::Duration;

use patchcord::contacts::consumer::{ConsumerError, Cursor};
use serde_json::json;

use crate::support::harness::{Harness, consumer, logged};
use crate::support::server::{Reply, Server};
use crate::vendors::hubspot::{TOKEN, hubspot};

const PRESET: &str = "{type: hubspot, token: '{{ settings.token }}', base_url: URL}";

fn harness(server: &Server) -> Harness {
    consumer(PRESET, &server.url).with_settings(json!({"token": TOKEN}))
}

#[tokio::test]
async fn every_operation() {
    let server = hubspot().await;
    let hubspot = harness(&server);
    let ada = json!({"email": "ada+1@example.com", "firstname": "Ada", "phone": "0033"});
    assert_eq!(hubspot.create(ada).await.unwrap(), "501");
    let got = hubspot.get("501").await.unwrap();
    let expected = json!({"id": "501", "fields": {"email": "ada+1@example.com", "firstname": "Ada",
        "lastname": null, "phone": "0033", "company": null, "hs_object_id": "501"}});
    assert_eq!(got, expected);
    assert_eq!(hubspot.find("ADA+1@example.com").await.unwrap(), expected);
    hubspot.update("501", json!({"lastname": "Lovelace", "phone": null})).await.unwrap();
    let fields = &hubspot.get("501").await.unwrap()["fields"];
    assert_eq!((&fields["lastname"], &fields["phone"]), (&json!("Lovelace"), &json!(null)));
    assert_eq!(fields["firstname"], "Ada", "what was not changed stays");
    hubspot.delete("501").await.unwrap();
    let gone = [
        hubspot.get("501").await.map(drop),
        hubspot.find("ada+1@example.com").await.map(drop),
        hubspot.update("501", json!({"lastname": "x"})).await,
    ];
    for result in gone {
        let error = result.unwrap_err();
        assert!(matches!(error, ConsumerError::NotFound), "{error:?}");
        assert_eq!(error.to_string(), "resource not found");
    }
    hubspot.delete("501").await.unwrap();
}

#[tokio::test]
async fn the_list_goes_on_after_the_last_contact() {
    let server = hubspot().await;
    let hubspot = harness(&server);
    for n in 1..=5 {
        hubspot.create(json!({"email": format!("{n}@example.com")})).await.unwrap();
    }
    let pages = hubspot.list_all(2).await.unwrap();
    assert_eq!(pages, [vec!["501", "502"], vec!["503", "504"], vec!["505"]]);
    let first = hubspot.list(&Cursor::Start, 500).await.unwrap();
    assert_eq!((first.contacts.len(), first.next, first.total), (5, None, None));
    let limits: Vec<_> =
        server.seen().iter().filter_map(|it| it.query.get("limit").cloned()).collect();
    assert_eq!(limits, ["2", "2", "2", "100"], "HubSpot has at most 100 a page");
}

#[tokio::test]
async fn values_are_sent_as_the_texts_they_are() {
    let server = hubspot().await;
    let hubspot = harness(&server);
    hubspot.create(json!({"email": "a@example.com", "age": 37, "company": true})).await.unwrap();
    let sent = &server.seen()[0].json()["properties"];
    assert_eq!(*sent, json!({"email": "a@example.com", "age": "37", "company": "true"}));
}

#[tokio::test]
async fn an_address_that_is_taken_is_a_conflict_with_its_contact() {
    let server = hubspot().await;
    let hubspot = harness(&server);
    hubspot.create(json!({"email": "ada@example.com"})).await.unwrap();
    let error = hubspot.create(json!({"email": "ada@example.com"})).await.unwrap_err();
    let ConsumerError::Conflict { existing: Some(existing) } = error else { panic!("{error:?}") };
    assert_eq!(existing.as_str(), "501");
}

#[tokio::test]
async fn a_refusal_has_hubspots_category_and_not_its_words() {
    let server = hubspot().await;
    let hubspot = harness(&server);
    for contact in [json!({"email": "sesame"}), json!({"email": "a@b.c", "sesame": "1"})] {
        let error = hubspot.create(contact).await.unwrap_err();
        let expected = "the service refused with status 400 (VALIDATION_ERROR)";
        assert_eq!(error.to_string(), expected);
        assert!(!logged(&error).contains("sesame"), "{}", logged(&error));
    }
    let other = hubspot.tenant_of("i-2", json!({"token": "another"}));
    let error = other.get("1").await.unwrap_err();
    assert!(matches!(error, ConsumerError::Unauthorized { status: 401 }), "{error:?}");
}

#[tokio::test]
async fn it_waits_for_hubspot() {
    let limit = json!({"status": "error", "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"});
    let server = Server::script(vec![
        Reply::json(429, &limit).with("retry-after", "7"),
        Reply::empty(477).with("retry-after", "20"),
        Reply::json(201, &json!({"id": "501", "properties": {}})),
    ])
    .await;
    let hubspot = harness(&server);
    assert_eq!(hubspot.create(json!({"email": "a@b.c"})).await.unwrap(), "501");
    assert_eq!(hubspot.pauses(), [7, 20].map(Duration::from_secs));
}

#[tokio::test]
async fn only_the_properties_that_are_named_are_asked_for() {
    let server = hubspot().await;
    let yaml = "{type: hubspot, token: pat-eu1-sesame, properties: [email, age], base_url: URL}";
    let hubspot = consumer(yaml, &server.url);
    hubspot.create(json!({"email": "a@b.c", "phone": "1", "age": "3"})).await.unwrap();
    let got = hubspot.get("501").await.unwrap();
    assert_eq!(got["fields"], json!({"email": "a@b.c", "age": "3", "hs_object_id": "501"}));
}
