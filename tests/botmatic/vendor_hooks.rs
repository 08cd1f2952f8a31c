//! Webhooks of vendors, in their own shape and verified in their own way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use patchcord::ground::clock::{Clock as _, SystemClock};
use patchcord::ground::http::client;
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::contacts::{CONFIG, Contacts, answer};
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde_json::{Value, json};

use crate::helpers::{Answered, fields, items, pairs, silent_with};

pub const CLIENT_SECRET: &str = "the-apps-client-secret";

/// The header that HubSpot would send for this request, and its timestamp.
pub fn hubspot_signature(secret: &str, uri: &str, body: &str) -> (String, String) {
    let at = SystemClock.now().as_millis().to_string();
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    let signed = sign(&key, format!("POST{uri}{body}{at}").as_bytes());
    (STANDARD.encode(signed.as_ref()), at)
}

/// HubSpot's event about the contact `id`.
pub fn hubspot_event(kind: &str, id: &str, more: Value) -> Value {
    let mut event = fields(json!({
        "eventId": 1, "subscriptionId": 12345, "portalId": 62515, "appId": 54321,
        "occurredAt": 1_564_113_600_000_u64, "subscriptionType": kind, "attemptNumber": 0,
        "objectId": id, "changeSource": "CRM",
    }));
    event.extend(fields(more));
    event.into()
}

/// A function that takes the webhooks of this vendor.
async fn taking(push: &str) -> (Contacts, String) {
    let config = CONFIG.replace("push: {key: local-crm-key}", &format!("push: {push}"));
    let contacts = silent_with(&config, |setup| setup).await;
    let integration = contacts.install().await;
    (contacts, integration)
}

async fn hubspot() -> (Contacts, String) {
    let url = "url: 'https://acme.example/contacts/hooks'";
    taking(&format!("{{type: hubspot, client_secret: {CLIENT_SECRET}, {url}}}")).await
}

async fn hubspot_sends(
    contacts: &Contacts,
    integration: &str,
    secret: &str,
    body: Value,
) -> Answered {
    let (path, body) = (format!("/contacts/hooks?integration={integration}"), body.to_string());
    let signed = hubspot_signature(secret, &format!("https://acme.example{path}"), &body);
    let request = client().unwrap().post(format!("{}{path}", contacts.url));
    let request = request.header("x-hubspot-signature-v3", signed.0);
    answer(request.header("x-hubspot-request-timestamp", signed.1).body(body)).await
}

fn names_on_botmatic(contacts: &Contacts) -> Vec<Value> {
    let held = contacts.botmatic.contacts("local");
    held.iter().map(|it| contacts.botmatic.to_json(it)["firstname"].clone()).collect()
}

#[tokio::test]
async fn hubspots_events_reach_botmatic() {
    let (contacts, integration) = hubspot().await;
    for name in ["Ada", "Bob"] {
        contacts.crm.user_creates("local", fields(json!({ "first_name": name }))).unwrap();
    }
    let created = json!([
        hubspot_event("contact.creation", "c-1", json!({})),
        hubspot_event("contact.creation", "c-2", json!({})),
        hubspot_event("company.creation", "c-2", json!({})),
    ]);
    let (status, answer) = hubspot_sends(&contacts, &integration, CLIENT_SECRET, created).await;
    assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
    assert_eq!(answer["contacts"].as_array().unwrap().len(), 2);
    assert_eq!(contacts.botmatic.count("local"), 2, "each is read where it is");

    contacts.crm.user_updates("local", "c-1", fields(json!({ "first_name": "Augusta" }))).unwrap();
    let change = json!({ "propertyName": "first_name", "propertyValue": "Augusta" });
    let change = hubspot_event("contact.propertyChange", "c-1", change);
    let deletion = hubspot_event("contact.deletion", "c-2", json!({}));
    contacts.crm.user_deletes("local", "c-2").unwrap();
    let both = json!([change, deletion]);
    let (_, answer) = hubspot_sends(&contacts, &integration, CLIENT_SECRET, both).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(names_on_botmatic(&contacts), [json!("Augusta")]);
    assert_eq!(pairs(&contacts).await.len(), 2);
}

#[tokio::test]
async fn what_hubspot_did_not_sign_is_refused() {
    let (contacts, integration) = hubspot().await;
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    let body = json!([hubspot_event("contact.creation", "c-1", json!({}))]);
    assert_eq!(hubspot_sends(&contacts, &integration, "another", body.clone()).await.0, 401);
    assert_eq!(hubspot_sends(&contacts, "nobody", CLIENT_SECRET, body).await.0, 401);
    assert_eq!(items(&contacts).await.len(), 2);
    let malformed = hubspot_sends(&contacts, &integration, CLIENT_SECRET, json!({})).await;
    assert_eq!(malformed.0, 400, "{}", malformed.1);
}

#[tokio::test]
async fn a_webhook_of_which_one_event_failed_has_to_be_sent_again() {
    let (contacts, integration) = hubspot().await;
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    let mut rule = Rule::once("GET", "/contacts/c-1", Fault::Status(503));
    rule.times = 3;
    contacts.crm.set_faults(Faults { script: vec![rule], ..Faults::default() }).unwrap();
    let body = json!([hubspot_event("contact.creation", "c-1", json!({}))]);
    let sent = hubspot_sends(&contacts, &integration, CLIENT_SECRET, body.clone()).await;
    assert_eq!(sent.0, 503, "{}", sent.1);
    let sent = hubspot_sends(&contacts, &integration, CLIENT_SECRET, body).await;
    assert_eq!((sent.0, contacts.botmatic.count("local")), (200, 1));
}

/// Botmatic has an address once, and the contact that is left has that of one which is gone.
#[tokio::test]
async fn of_merged_contacts_those_that_are_gone_go_first() {
    let (contacts, integration) = hubspot().await;
    let ada = || fields(json!({ "first_name": "Ada", "email": "ada@example.com" }));
    let countess = fields(json!({ "first_name": "Countess" }));
    for contact in [ada(), countess] {
        contacts.crm.user_creates("local", contact).unwrap();
    }
    let created = ["c-1", "c-2"].map(|id| hubspot_event("contact.creation", id, json!({})));
    hubspot_sends(&contacts, &integration, CLIENT_SECRET, json!(created)).await;
    assert_eq!(contacts.botmatic.count("local"), 2);

    for gone in ["c-1", "c-2"] {
        contacts.crm.user_deletes("local", gone).unwrap();
    }
    contacts.crm.user_creates("local", ada()).unwrap();
    contacts.botmatic.change_settings(|settings| settings.unique_emails = true);
    // Deletions take a second attempt.
    let slow = Rule { times: 2, ..Rule::once("DELETE", "/api/contacts/*", Fault::Status(503)) };
    contacts.botmatic.set_faults(Faults { script: vec![slow], ..Faults::default() }).unwrap();
    let ids = json!({
        "primaryObjectId": "c-1", "mergedObjectIds": ["c-2"], "newObjectId": "c-3",
    });
    let merge = json!([hubspot_event("contact.merge", "c-3", ids)]);
    let (status, answer) = hubspot_sends(&contacts, &integration, CLIENT_SECRET, merge).await;
    assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
    assert_eq!(names_on_botmatic(&contacts), [json!("Ada")]);
}

#[tokio::test]
async fn pipedrives_events_reach_botmatic() {
    let (contacts, integration) = taking("{type: pipedrive, user: pipe, password: drive}").await;
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    let url = format!("{}/contacts/hooks?integration={integration}", contacts.url);
    let send = async |password: &str, meta: Value| {
        let body = json!({ "meta": meta, "data": { "id": 9, "name": "not what the API answers" } });
        let request = client().unwrap().post(&url).basic_auth("pipe", Some(password));
        answer(request.body(body.to_string())).await
    };
    let v2 = |action: &str| json!({ "action": action, "entity": "person", "entity_id": "c-1", "id": "an-event", "version": "2.0" });
    assert_eq!(send("wrong", v2("create")).await.0, 401);
    assert_eq!(items(&contacts).await.len(), 2);
    let (status, answer) = send("drive", v2("create")).await;
    assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
    assert_eq!(names_on_botmatic(&contacts), [json!("Ada")]);

    contacts.crm.user_updates("local", "c-1", fields(json!({ "first_name": "Augusta" }))).unwrap();
    let v1 = json!({ "action": "updated", "object": "person", "id": "c-1", "v": 1 });
    assert_eq!(send("drive", v1).await.1["success"], true);
    assert_eq!(names_on_botmatic(&contacts), [json!("Augusta")]);
    let deal = json!({ "action": "delete", "entity": "deal", "entity_id": "c-1" });
    assert_eq!(send("drive", deal).await, (200, json!({ "success": true, "contacts": [] })));
    assert_eq!(send("drive", v2("delete")).await.1["success"], true);
    assert_eq!(contacts.botmatic.count("local"), 0);
}

#[tokio::test]
async fn hubspots_restored_contact_is_there_again() {
    let (contacts, integration) = hubspot().await;
    let send = async |kind: &str, id: &str| {
        let body = json!([hubspot_event(kind, id, json!({}))]);
        hubspot_sends(&contacts, &integration, CLIENT_SECRET, body).await.1["contacts"][0].clone()
    };
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    send("contact.creation", "c-1").await;
    // It stays in the stand-in, which knows no recycle bin: HubSpot has it again.
    assert_eq!(send("contact.deletion", "c-1").await["outcome"], "done");
    assert_eq!(contacts.botmatic.count("local"), 0);
    assert_eq!(send("contact.restore", "c-1").await["outcome"], "done");
    assert_eq!(names_on_botmatic(&contacts), [json!("Ada")]);
    assert_eq!(pairs(&contacts).await.len(), 2);

    // A repetition of an older event finds no contact, and creates none.
    contacts.crm.user_deletes("local", "c-1").unwrap();
    assert_eq!(send("contact.deletion", "c-1").await["outcome"], "done");
    for kind in ["contact.creation", "contact.restore"] {
        assert_eq!(send(kind, "c-1").await["outcome"], "deleted before", "{kind}");
    }
    assert_eq!(contacts.botmatic.count("local"), 0);
}
