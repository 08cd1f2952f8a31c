//! The preset `pipedrive`.

use std::time::Duration;

use patchcord::contacts::consumer::ConsumerError;
use serde_json::json;

use crate::support::harness::{Harness, consumer, logged};
use crate::support::server::{Reply, Server};
use crate::vendors::pipedrive::pipedrive;

const PRESET: &str = "{type: pipedrive, token: '{{ settings.token }}', base_url: URL}";

fn harness(server: &Server) -> Harness {
    consumer(PRESET, &server.url).with_settings(json!({"token": "sesame"}))
}

#[tokio::test]
async fn every_operation() {
    let server = pipedrive().await;
    let pipedrive = harness(&server);
    let ada = json!({"name": "Ada", "email": "ada@example.com", "phone": "123", "visible_to": 3});
    assert_eq!(pipedrive.create(ada).await.unwrap(), "1");
    let sent = json!({"name": "Ada", "visible_to": 3,
        "emails": [{"value": "ada@example.com", "primary": true, "label": "work"}],
        "phones": [{"value": "123", "primary": true, "label": "work"}]});
    assert_eq!(server.seen()[0].json(), sent);
    let got = pipedrive.get("1").await.unwrap();
    let fields = &got["fields"];
    assert_eq!((&fields["email"], &fields["phone"]), (&json!("ada@example.com"), &json!("123")));
    assert_eq!((&got["id"], &fields["name"]), (&json!("1"), &json!("Ada")));
    assert_eq!(pipedrive.find("Ada@Example.com").await.unwrap(), got);
    pipedrive.update("1", json!({"name": "Ada L."})).await.unwrap();
    assert_eq!(server.seen().last().unwrap().json(), json!({"name": "Ada L."}));
    pipedrive.delete("1").await.unwrap();
    for result in [pipedrive.get("1").await.map(drop), pipedrive.get("7").await.map(drop)] {
        let error = result.unwrap_err();
        assert!(matches!(error, ConsumerError::NotFound), "{error:?}");
    }
    let error = pipedrive.find("ada@example.com").await.unwrap_err();
    assert!(matches!(error, ConsumerError::NotFound), "{error:?}");
    let error = pipedrive.delete("7").await.unwrap_err();
    assert!(matches!(error, ConsumerError::NotFound), "{error:?}");
}

#[tokio::test]
async fn a_new_address_leaves_the_others_alone() {
    let server = pipedrive().await;
    let pipedrive = harness(&server);
    let emails = json!([{"value": "home@example.com", "primary": false, "label": "home"},
        {"value": "old@example.com", "primary": true, "label": "office"}]);
    // As somebody would enter it in Pipedrive itself.
    let request = reqwest::Client::new().post(format!("{}/api/v2/persons", server.url));
    let request = request.header("x-api-token", "sesame");
    request.json(&json!({"name": "Ada", "emails": emails})).send().await.unwrap();
    let found = pipedrive.find("home@example.com").await.unwrap();
    assert_eq!(found["fields"]["email"], "old@example.com", "the primary one");

    pipedrive.update("1", json!({"email": "new@example.com"})).await.unwrap();
    let emails = json!({"emails": [
        {"value": "new@example.com", "primary": true, "label": "office"},
        {"value": "home@example.com", "primary": false, "label": "home"}]});
    assert_eq!(server.seen().last().unwrap().json(), emails);
    pipedrive.update("1", json!({"email": null, "phone": "9"})).await.unwrap();
    let sent = json!({"emails": [{"value": "home@example.com", "primary": false, "label": "home"}],
        "phones": [{"value": "9", "primary": true, "label": "work"}]});
    assert_eq!(server.seen().last().unwrap().json(), sent);
    let fields = &pipedrive.get("1").await.unwrap()["fields"];
    assert_eq!((fields.get("email"), &fields["phone"]), (None, &json!("9")));
}

#[tokio::test]
async fn several_persons_may_have_one_address() {
    let server = pipedrive().await;
    let pipedrive = harness(&server);
    for name in ["Ada", "Grace"] {
        pipedrive.create(json!({"name": name, "email": "team@example.com"})).await.unwrap();
    }
    let error = pipedrive.find("team@example.com").await.unwrap_err();
    assert!(matches!(error, ConsumerError::Ambiguous { matches: 2 }), "{error:?}");
    assert_eq!(error.to_string(), "2 contacts have this e-mail address");
}

#[tokio::test]
async fn the_list_follows_the_cursor() {
    let server = pipedrive().await;
    let pipedrive = harness(&server);
    for n in 1..=5 {
        pipedrive.create(json!({"name": format!("{n}")})).await.unwrap();
    }
    let pages = pipedrive.list_all(2).await.unwrap();
    assert_eq!(pages, [vec!["1", "2"], vec!["3", "4"], vec!["5"]]);
}

#[tokio::test]
async fn what_pipedrive_refuses_is_a_refusal() {
    let server = pipedrive().await;
    let pipedrive = harness(&server);
    for contact in [json!({"email": "sesame@b.c"}), json!({"name": "x", "org_id": "sesame"})] {
        let error = pipedrive.create(contact).await.unwrap_err();
        let expected = "the service refused with status 400 (ERR_SCHEMA_VALIDATION_FAILED)";
        assert_eq!(error.to_string(), expected);
        assert!(!logged(&error).contains("sesame"));
    }
    let other = pipedrive.tenant_of("i-2", json!({"token": "another"}));
    let error = other.get("1").await.unwrap_err();
    assert!(matches!(error, ConsumerError::Unauthorized { status: 401 }), "{error:?}");
}

#[tokio::test]
async fn it_waits_until_the_window_ends() {
    let limited = json!({"success": false, "error": "request over limit"});
    let server = Server::script(vec![
        Reply::json(429, &limited).with("x-ratelimit-reset", "2"),
        Reply::json(200, &json!({"success": true, "data": {"id": 1, "name": "Ada"}})),
        // A success that is none.
        Reply::json(200, &json!({"success": false, "code": "feature_capping", "data": null})),
    ])
    .await;
    let pipedrive = harness(&server);
    assert_eq!(pipedrive.get("1").await.unwrap()["id"], "1");
    assert_eq!(pipedrive.pauses(), [Duration::from_secs(2)]);
    let error = pipedrive.create(json!({"name": "x"})).await.unwrap_err();
    assert_eq!(error.to_string(), "the service refused with status 200 (feature_capping)");
}
