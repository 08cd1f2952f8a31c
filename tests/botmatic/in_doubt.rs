//! Creations of which it is not known whether they took place, and what is told meanwhile.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, patch};
use axum::{Json, Router};
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::helpers::{SETTLE, event, fields, installed, only_on_crm, pairs, push, silent_with};

/// Every creation fails in this way.
pub fn creations_end_with(path: &str, fault: Fault) -> Faults {
    let rule = Rule { times: 1_000, ..Rule::once("POST", path, fault) };
    Faults { script: vec![rule], ..Faults::default() }
}

/// The CRM creates contacts, and its answers get lost.
pub fn crm_loses_its_answers(contacts: &Contacts) {
    contacts.crm.set_faults(creations_end_with("/contacts", Fault::DropAfter)).unwrap();
}

/// The CRM tells of a contact that has just been created, as it is.
pub async fn crm_tells(contacts: &Contacts, integration: &str, id: &str) -> (u16, Value) {
    let held = contacts.crm.to_json(&contacts.crm.contact("local", id).unwrap());
    push(contacts, integration, ("POST", "/contacts"), held).await
}

#[tokio::test]
async fn a_creation_stays_in_doubt_when_its_repetition_is_refused() {
    let (contacts, integration) = installed().await;
    let ada = contacts.botmatic.user_creates("local", fields(json!({ "firstname": "Ada" })));
    let ada = contacts.botmatic.to_json(&ada.unwrap());
    crm_loses_its_answers(&contacts);
    assert_eq!(event(&contacts, "contact_created", ada.clone()).await.0, 503);
    assert_eq!(contacts.crm.count("local"), 1, "it took place");
    let busy = Fault::RateLimited { retry_after: Some(60) };
    contacts.crm.set_faults(creations_end_with("/contacts", busy)).unwrap();
    assert_eq!(event(&contacts, "contact_created", ada.clone()).await.0, 503);

    contacts.crm.set_faults(Faults::default()).unwrap();
    let (_, answer) = crm_tells(&contacts, &integration, "c-1").await;
    assert_eq!(answer["contact_id"], ada["id"].to_string(), "{answer}");
    assert_eq!(contacts.botmatic.count("local"), 1, "it is Botmatic's contact already");
    assert_eq!(pairs(&contacts).await[0], ("b#1".to_owned(), "c-1".to_owned()));
    let (_, answer) = event(&contacts, "contact_created", ada).await;
    assert_eq!(answer["data"]["outcome"], "unchanged", "{answer}");
}

#[tokio::test]
async fn a_creation_that_the_crm_is_still_at_when_it_is_repeated_stays_in_doubt() {
    let (contacts, integration) = installed().await;
    let ada = contacts.botmatic.user_creates("local", fields(json!({ "firstname": "Ada" })));
    let ada = contacts.botmatic.to_json(&ada.unwrap());
    // The same invocation tries again, and is told that the first attempt is under way.
    let mut faults = creations_end_with("/contacts", Fault::Status(409));
    faults.script.insert(0, Rule::once("POST", "/contacts", Fault::DropAfter));
    contacts.crm.set_faults(faults).unwrap();
    let (status, answer) = event(&contacts, "contact_created", ada.clone()).await;
    assert_eq!((status, contacts.crm.count("local")), (503, 1), "it took place: {answer}");
    crm_tells(&contacts, &integration, "c-1").await;
    expect_one_pair(&contacts, &ada).await;
}

/// Every request of this method and path is one too many.
fn too_many(method: &str, path: &str) -> Faults {
    let busy = Fault::RateLimited { retry_after: Some(60) };
    let rule = Rule { times: 1_000, ..Rule::once(method, path, busy) };
    Faults { script: vec![rule], ..Faults::default() }
}

/// The CRM's contact and Botmatic's are a pair, and there is no third.
async fn expect_one_pair(contacts: &Contacts, botmatic: &Value) {
    assert_eq!(contacts.botmatic.count("local"), 1);
    let expected = (format!("b#{}", botmatic["id"]), "c-1".to_owned());
    assert_eq!(pairs(contacts).await[0], expected);
}

#[tokio::test]
async fn a_creation_stays_in_doubt_when_the_service_cannot_be_asked_in_the_end() {
    let (contacts, integration) = installed().await;
    let ada = fields(json!({ "email": "ada@example.com" }));
    let ada = contacts.botmatic.user_creates("local", ada).unwrap();
    let ada = contacts.botmatic.to_json(&ada);
    crm_loses_its_answers(&contacts);
    assert_eq!(event(&contacts, "contact_created", ada.clone()).await.0, 503);
    contacts.clock.advance(SETTLE);
    contacts.crm.set_faults(too_many("GET", "/contacts")).unwrap();
    assert_eq!(event(&contacts, "contact_created", ada.clone()).await.0, 503);
    contacts.crm.set_faults(Faults::default()).unwrap();
    crm_tells(&contacts, &integration, "c-1").await;
    expect_one_pair(&contacts, &ada).await;
}

#[tokio::test]
async fn an_adoption_that_could_not_be_finished_is_finished_by_either_side() {
    let (contacts, integration) = installed().await;
    let theirs = fields(json!({ "email": "ada@example.com" }));
    contacts.crm.user_creates("local", theirs).unwrap();
    let ours = fields(json!({ "email": "ada@example.com", "firstname": "Ada" }));
    let ours = contacts.botmatic.user_creates("local", ours).unwrap();
    let ours = contacts.botmatic.to_json(&ours);
    contacts.crm.set_faults(too_many("PATCH", "/contacts/c-1")).unwrap();
    assert_eq!(event(&contacts, "contact_created", ours.clone()).await.0, 503);
    contacts.crm.set_faults(Faults::default()).unwrap();
    crm_tells(&contacts, &integration, "c-1").await;
    expect_one_pair(&contacts, &ours).await;
}

#[tokio::test]
async fn a_contact_that_changed_meanwhile_is_not_created_twice() {
    let (contacts, integration) = installed().await;
    let ada = fields(json!({ "firstname": "Ada", "city": "Paris" }));
    let ada = contacts.botmatic.user_creates("local", ada).unwrap();
    crm_loses_its_answers(&contacts);
    let told = contacts.botmatic.to_json(&ada);
    assert_eq!(event(&contacts, "contact_created", told).await.0, 503);
    contacts.crm.set_faults(Faults::default()).unwrap();
    let augusta = fields(json!({ "firstname": "Augusta", "city": "" }));
    let ada = contacts.botmatic.user_updates("local", &ada.id, augusta).unwrap();
    let told = contacts.botmatic.to_json(&ada);
    let (status, answer) = event(&contacts, "contact_updated", told.clone()).await;
    assert_eq!(status, 503, "the CRM refuses a key that comes back with another body: {answer}");
    let (_, answer) = crm_tells(&contacts, &integration, "c-1").await;
    assert_eq!(answer["contact_id"], json!(ada.id), "{answer}");
    event(&contacts, "contact_updated", told).await;
    let crm = only_on_crm(&contacts);
    assert_eq!(crm["first_name"], "Augusta", "{crm}");
    assert_eq!(contacts.botmatic.count("local"), 1);
}

/// A CRM that answers a key that it has seen as it did the first time, whatever comes with it; but
/// the first answer gets lost. What it was told to change is recorded.
async fn forgiving_crm() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (keys, changes) = (Arc::new(Mutex::new(HashSet::new())), Arc::default());
    let recorded: Arc<Mutex<Vec<Value>>> = Arc::clone(&changes);
    let create = move |headers: HeaderMap| async move {
        let is_new = keys.lock().unwrap().insert(headers["idempotency-key"].clone());
        // The first answer is none that anybody understands.
        (StatusCode::CREATED, if is_new { "" } else { r#"{"id": "c-1"}"# })
    };
    let change = move |Json(sent): Json<Value>| async move {
        recorded.lock().unwrap().push(sent);
        StatusCode::NO_CONTENT
    };
    let nobody = || async { Json(json!({ "contacts": [] })) };
    let app = Router::new()
        .route("/contacts", get(nobody).post(create))
        .route("/contacts/{id}", patch(change));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, changes)
}

#[tokio::test]
async fn what_changed_meanwhile_reaches_the_contact_that_was_created() {
    let (url, changes) = forgiving_crm().await;
    let contacts = silent_with(&CONFIG.replace("CRM", &url), |setup| setup).await;
    contacts.install().await;
    let ada = json!({ "id": 1, "email": "ada@example.com", "city": "Paris" });
    assert_eq!(event(&contacts, "contact_created", ada).await.0, 503);
    let augusta = json!({ "id": 1, "email": "ada@example.com", "firstname": "Augusta" });
    let (_, answer) = event(&contacts, "contact_updated", augusta).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    let held = json!({
        "email": "ada@example.com", "first_name": "Augusta", "address": { "city": null },
    });
    assert_eq!(*changes.lock().unwrap(), [held], "what is not there any more is cleared");
}

#[tokio::test]
async fn a_contact_without_an_address_that_the_crm_changed_at_once_is_recognised() {
    let (contacts, integration) = installed().await;
    let ada = contacts.botmatic.user_creates("local", fields(json!({ "firstname": "Ada" })));
    let ada = contacts.botmatic.to_json(&ada.unwrap());
    crm_loses_its_answers(&contacts);
    assert_eq!(event(&contacts, "contact_created", ada.clone()).await.0, 503);
    contacts.crm.set_faults(Faults::default()).unwrap();
    let created = only_on_crm(&contacts);
    contacts.crm.user_updates("local", "c-1", fields(json!({ "score": 5 }))).unwrap();

    push(&contacts, &integration, ("POST", "/contacts"), created).await;
    assert_eq!(contacts.botmatic.count("local"), 1);
    assert_eq!(pairs(&contacts).await[0], (format!("b#{}", ada["id"]), "c-1".to_owned()));
}

#[tokio::test]
async fn a_change_has_to_be_told_again() {
    let (contacts, integration) = installed().await;
    let faults = creations_end_with("/api/contacts", Fault::DropAfter);
    contacts.botmatic.set_faults(faults).unwrap();
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    assert_eq!(crm_tells(&contacts, &integration, "c-1").await.0, 503);
    let change = json!({ "first_name": "Augusta" });
    let (status, _) = push(&contacts, &integration, ("PATCH", "/contacts/c-1"), change).await;
    assert_eq!(status, 503, "it is not known yet that there is no such contact");
}

#[tokio::test]
async fn what_the_crm_changed_meanwhile_is_not_undone_by_what_was_made_of_it() {
    let (contacts, integration) = installed().await;
    let faults = creations_end_with("/api/contacts", Fault::DropAfter);
    contacts.botmatic.set_faults(faults).unwrap();
    let ada = json!({ "email": "ada@example.com", "first_name": "Ada" });
    contacts.crm.user_creates("local", fields(ada)).unwrap();
    assert_eq!(crm_tells(&contacts, &integration, "c-1").await.0, 503);
    contacts.botmatic.set_faults(Faults::default()).unwrap();
    let made = contacts.botmatic.contacts("local").remove(0);
    let augusta = fields(json!({ "first_name": "Augusta" }));
    contacts.crm.user_updates("local", "c-1", augusta).unwrap();

    let (_, answer) = event(&contacts, "contact_created", contacts.botmatic.to_json(&made)).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(crm_tells(&contacts, &integration, "c-1").await.1["outcome"], "unchanged");
    let botmatic = contacts.botmatic.contact("local", &made.id).unwrap();
    assert_eq!(botmatic.fields["firstname"], "Augusta");
    assert_eq!(only_on_crm(&contacts)["first_name"], "Augusta");
}
