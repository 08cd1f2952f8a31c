//! A service whose list never ends, because its cursors come again.

use axum::Json;
use axum::extract::Query;
use axum::routing::get;
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::net::TcpListener;

use super::invoke;

/// Pages with one contact each: two that come once, and then three again and again.
async fn list(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let page: u64 = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let next = if page == 4 { 2 } else { page + 1 };
    let contact = json!({ "id": format!("c-{page}"), "email": format!("{page}@example.com") });
    Json(json!({ "contacts": [contact], "next_cursor": next.to_string() }))
}

#[tokio::test]
async fn a_list_that_goes_round_in_a_circle_is_noticed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/contacts", get(list));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let consumer = format!(
        r#"consumer:
    type: rest
    base_url: {url}
    token: any
    operations:
      list_contacts:
        query: {{ page: null, cursor: "{{{{ cursor }}}}" }}
        paging: {{ type: cursor, next: next_cursor }}"#
    );
    let rest = "consumer: {type: rest, base_url: CRM, token: local-crm-key}";
    let contacts = Contacts::with(&CONFIG.replace(rest, &consumer), |setup| setup).await;
    let integration = contacts.install().await;
    let function = contacts.importer().await;
    let status = invoke(&function, json!({ "integration": integration })).await;
    assert_eq!(status["state"], "failed", "{status}");
    let reason = status["reason"].as_str().unwrap();
    assert!(reason.contains("in a circle"), "{reason}");
    let seen = status["counts"]["seen"].as_u64().unwrap();
    assert!(seen < 20, "{seen} contacts were read");
    assert_eq!(contacts.botmatic.count("local"), 5, "none of them is lost");
}
