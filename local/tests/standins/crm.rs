//! The CRM's API for one contact, and what it refuses.

use patchcord_local::standins::{CrmStandin, StandinOptions};
use serde_json::{Value, json};

use super::client::Client;

async fn start() -> (CrmStandin, Client) {
    let options = StandinOptions { body_limit: 10_000, ..StandinOptions::default() };
    let crm = CrmStandin::start(options).await.unwrap();
    let client = Client::of(&crm, "local-crm-key");
    (crm, client)
}

#[tokio::test]
async fn creates_reads_updates_and_deletes() {
    let (crm, client) = start().await;
    let contact = json!({ "name": "Ada", "address": { "city": "Lyon", "zip": "69001" } });
    let (status, created) = client.call("POST", "/contacts", contact).await;
    assert_eq!((status, &created["id"], &created["name"]), (201, &json!("c-1"), &json!("Ada")));
    assert_eq!(client.get("/contacts/c-1").await, (200, created.clone()));

    let patch = json!({ "name": null, "address": { "city": "Oslo" } });
    let (status, updated) = client.call("PATCH", "/contacts/c-1", patch).await;
    assert_eq!((status, &updated["name"]), (200, &Value::Null));
    assert_eq!(updated["address"], json!({ "city": "Oslo", "zip": "69001" }));
    let time = |contact: &Value| contact["updated_at"].as_str().unwrap().to_owned();
    assert!(time(&created) < time(&updated), "{created} and {updated}");

    assert_eq!(client.delete("/contacts/c-1").await, (204, Value::Null));
    assert_eq!(client.get("/contacts/c-1").await.0, 404);
    assert_eq!(crm.count("local"), 0);
}

#[tokio::test]
async fn an_idempotency_key_makes_one_contact() {
    let (crm, client) = start().await;
    crm.add_key("other", "other-key");
    let create = |client: &Client, bearer: &str, key: &str, name: &str| {
        let request = client.request("POST", "/contacts").bearer_auth(bearer);
        Client::send(request.header("idempotency-key", key).json(&json!({ "name": name })))
    };
    let at_once = (0..20).map(|_| create(&client, "local-crm-key", "k1", "Ada"));
    let answers = futures_util::future::join_all(at_once).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 19);
    assert!(answers.iter().all(|(_, contact)| contact["id"] == "c-1"), "{answers:?}");

    assert_eq!(create(&client, "local-crm-key", "k1", "Bob").await.0, 422);
    assert_eq!(create(&client, "local-crm-key", "k2", "Ada").await.0, 201);
    assert_eq!(create(&client, "other-key", "k1", "Ada").await.0, 201);
    assert_eq!((crm.count("local"), crm.count("other")), (2, 1));
}

#[tokio::test]
async fn addresses_are_unique_on_demand() {
    let (crm, client) = start().await;
    let ada = json!({ "email": "ada@example.com" });
    assert_eq!(client.call("POST", "/contacts", ada.clone()).await.0, 201);
    assert_eq!(client.call("POST", "/contacts", ada.clone()).await.0, 201);
    client.delete("/contacts/c-2").await;

    crm.change_settings(|settings| settings.unique_emails = true);
    let capitals = json!({ "email": "ADA@example.com" });
    assert_eq!(client.call("POST", "/contacts", capitals.clone()).await.0, 409);
    client.call("POST", "/contacts", json!({ "email": "bob@example.com" })).await;
    assert_eq!(client.call("PATCH", "/contacts/c-3", ada).await.0, 409);
    assert_eq!(client.call("PATCH", "/contacts/c-1", capitals).await.0, 200);
    assert_eq!(crm.count("local"), 2);
}

#[tokio::test]
async fn refuses_what_a_server_would_refuse() {
    let (crm, client) = start().await;
    let long = format!("\"{}\"", "x".repeat(10_000));
    let cases = [
        ("method", "PUT", "/contacts", "{}", 405),
        ("path", "GET", "/contact", "", 404),
        ("malformed", "POST", "/contacts", "{", 400),
        ("no object", "POST", "/contacts", "[]", 422),
        ("an id", "POST", "/contacts", r#"{"id": "c-9"}"#, 422),
        ("a time", "POST", "/contacts", r#"{"updated_at": "2026-01-31"}"#, 422),
        ("e-mail", "POST", "/contacts", r#"{"email": 5}"#, 422),
        ("unknown", "PATCH", "/contacts/c-2", "{}", 404),
        ("an id of Botmatic's", "PATCH", "/contacts/1", "{}", 404),
        ("another spelling", "GET", "/contacts/c-+1", "", 404),
        ("limit", "GET", "/contacts?limit=201", "", 422),
        ("no limit", "GET", "/contacts?limit=0", "", 422),
        ("page", "GET", "/contacts?page=0", "", 422),
        ("two ways", "GET", "/contacts?page=1&offset=0", "", 422),
        ("cursor", "GET", "/contacts?cursor=x", "", 422),
        ("parameter", "GET", "/contacts?per_page=5", "", 422),
        ("too large", "POST", "/contacts", &long, 413),
    ];
    crm.user_creates("local", super::client::named("Ada")).unwrap();
    for (name, method, path, body, expected) in cases {
        let request = client.request(method, path).bearer_auth("local-crm-key");
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let (status, answer) = Client::send(request).await;
        assert_eq!(status, expected, "{name}: {answer}");
    }
    for key in ["", "local-token"] {
        let request = client.request("GET", "/contacts").bearer_auth(key);
        assert_eq!(Client::send(request).await.0, 401, "{key}");
    }
    assert_eq!(crm.count("local"), 1);
}
