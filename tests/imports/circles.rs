//! Services whose list cannot be read to its end: cursors come again, or are too long to be kept,
//! or every page is the same.

use axum::Json;
use axum::extract::Query;
use axum::routing::{MethodRouter, get};
use patchcord::app::ContactImport;
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::net::TcpListener;

use super::{id_of, invoke};

/// A list that says itself how it goes on.
const CURSOR: &str = r#"    operations:
      list_contacts:
        query: { page: null, cursor: "{{ cursor }}" }
        paging: { type: cursor, next: next_cursor }"#;

/// The same page, whatever is asked for.
async fn one_page() -> Json<Value> {
    let contact = |id| json!({ "id": format!("c-{id}"), "email": format!("{id}@example.com") });
    Json(json!({ "contacts": [contact(0), contact(1)], "total": 2 }))
}

/// Pages with one contact each: two that come once, and then three again and again.
async fn list(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let page: u64 = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let next = if page == 4 { 2 } else { page + 1 };
    let contact = json!({ "id": format!("c-{page}"), "email": format!("{page}@example.com") });
    Json(json!({ "contacts": [contact], "next_cursor": next.to_string() }))
}

/// The function, for a CRM at whose list this is in the configuration.
async fn with(list: MethodRouter, operations: &str) -> (Contacts, String, ContactImport) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/contacts", list);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let consumer =
        format!("consumer:\n    type: rest\n    base_url: {url}\n    token: any\n{operations}");
    let rest = "consumer: {type: rest, base_url: CRM, token: local-crm-key}";
    let contacts = Contacts::with(&CONFIG.replace(rest, &consumer), |setup| setup).await;
    let integration = contacts.install().await;
    let function = contacts.importer().await;
    (contacts, integration, function)
}

/// Why that has failed, and how many contacts it has seen.
async fn failed(function: &ContactImport, event: Value) -> (String, u64) {
    let status = invoke(function, event).await;
    assert_eq!(status["state"], "failed", "{status}");
    let reason = status["reason"].as_str().unwrap().to_owned();
    (reason, status["counts"]["seen"].as_u64().unwrap())
}

#[tokio::test]
async fn a_list_that_goes_round_in_a_circle_is_noticed() {
    let (contacts, integration, function) = with(get(list), CURSOR).await;
    let (reason, seen) = failed(&function, json!({ "integration": integration })).await;
    assert!(reason.contains("in a circle"), "{reason}");
    assert!(seen < 20, "{seen} contacts were read");
    assert_eq!(contacts.botmatic.count("local"), 5, "none of them is lost");
}

/// An item of DynamoDB has 400 KB at most, and where the list goes on is in one.
#[tokio::test]
async fn a_cursor_that_cannot_be_kept_ends_the_import() {
    let long = async || {
        let contact = json!({ "id": "c-1", "email": "1@example.com" });
        Json(json!({ "contacts": [contact], "next_cursor": "x".repeat(500_000) }))
    };
    let (_contacts, integration, function) = with(get(long), CURSOR).await;
    let (reason, _) = failed(&function, json!({ "integration": integration })).await;
    assert!(reason.contains("expected a cursor of at most") && reason.len() < 200, "{reason}");
}

#[tokio::test]
async fn a_list_that_always_shows_the_same_page_is_noticed() {
    let (contacts, integration, function) = with(get(one_page), "").await;
    let (reason, seen) = failed(&function, json!({ "integration": integration })).await;
    assert!(reason.contains("again and again"), "{reason}");
    assert!(seen < 20, "{seen} contacts were read");
    assert_eq!(contacts.botmatic.count("local"), 2, "none of them is lost");
}

/// Without `get_contact` the list is read for those that are tried again.
#[tokio::test]
async fn it_is_noticed_as_well_where_failures_are_tried_again() {
    let operations = "    operations: { get_contact: null }";
    let (_contacts, integration, function) = with(get(one_page), operations).await;
    let status = invoke(&function, json!({ "integration": integration })).await;
    let imports = function.importer().imports();
    let retry = imports.retry(&id_of(&status), false).await.unwrap();
    let (reason, _) = failed(&function, json!({ "import": retry.import })).await;
    assert!(reason.contains("again and again"), "{reason}");
}

/// Where the configuration looks for the wrong id, nothing on the page is a contact.
#[tokio::test]
async fn it_is_noticed_as_well_where_nothing_can_be_read() {
    let (_contacts, integration, function) = with(get(one_page), "    contact: { id: no }").await;
    let (reason, seen) = failed(&function, json!({ "integration": integration })).await;
    assert!(reason.contains("again and again"), "{reason}");
    assert!(seen < 20, "{seen} items were read");
}

/// Pages of which nothing can be read are not the same page for that.
#[tokio::test]
async fn pages_that_differ_in_what_cannot_be_read_are_read_to_their_end() {
    let many = async |Query(query): Query<HashMap<String, String>>| {
        let page: u64 = query["page"].parse().unwrap();
        let contacts = if page < 6 { vec![json!({ "id": format!("c-{page}") })] } else { vec![] };
        Json(json!({ "contacts": contacts }))
    };
    let (_contacts, integration, function) = with(get(many), "    contact: { id: no }").await;
    let status = invoke(&function, json!({ "integration": integration })).await;
    let ended = (&status["state"], &status["counts"]["failed"]);
    assert_eq!(ended, (&json!("finished"), &json!(5)), "{status}");
}

/// A page without a contact is not the end where a cursor follows it. Nor is it for ever.
#[tokio::test]
async fn a_list_of_empty_pages_only_is_noticed() {
    let empty = async |Query(query): Query<HashMap<String, String>>| {
        let page: u64 = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
        Json(json!({ "contacts": [], "next_cursor": (page + 1).to_string() }))
    };
    let (_contacts, integration, function) = with(get(empty), CURSOR).await;
    let (reason, seen) = failed(&function, json!({ "integration": integration })).await;
    assert!(reason.contains("1000 pages in a row"), "{reason}");
    assert_eq!(seen, 0);
}
