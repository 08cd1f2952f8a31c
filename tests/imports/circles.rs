//! Services whose list never ends: cursors come again, or every page is the same.

use axum::Json;
use axum::extract::Query;
use axum::routing::{MethodRouter, get};
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::net::TcpListener;

use super::invoke;

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

/// Imports from a CRM at whose list this is in the configuration; says why that has failed, how many
/// contacts it has seen, and how many are on Botmatic.
async fn failed(list: MethodRouter, operations: &str) -> (String, u64, usize) {
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
    let status = invoke(&function, json!({ "integration": integration })).await;
    assert_eq!(status["state"], "failed", "{status}");
    let reason = status["reason"].as_str().unwrap().to_owned();
    let seen = status["counts"]["seen"].as_u64().unwrap();
    (reason, seen, contacts.botmatic.count("local"))
}

#[tokio::test]
async fn a_list_that_goes_round_in_a_circle_is_noticed() {
    let operations = r#"    operations:
      list_contacts:
        query: { page: null, cursor: "{{ cursor }}" }
        paging: { type: cursor, next: next_cursor }"#;
    let (reason, seen, there) = failed(get(list), operations).await;
    assert!(reason.contains("in a circle"), "{reason}");
    assert!(seen < 20, "{seen} contacts were read");
    assert_eq!(there, 5, "none of them is lost");
}

#[tokio::test]
async fn a_list_that_always_shows_the_same_page_is_noticed() {
    let (reason, seen, there) = failed(get(one_page), "").await;
    assert!(reason.contains("again and again"), "{reason}");
    assert!(seen < 20, "{seen} contacts were read");
    assert_eq!(there, 2, "none of them is lost");
}
