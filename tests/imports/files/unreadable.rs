//! What a source has that is no contact.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::extract::Query;
use axum::routing::get;
use patchcord_tests::contacts::CONFIG;
use patchcord_tests::file_server::FileServer;
use patchcord_tests::imports::{Imports, ImportsOptions, TENANT};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::super::invoke;

const CSV: &str = "\
id,email,score
x1,x1@example.com,1

x2,x2@example.com,2,3
,nobody@example.com,4
x5,x5@example.com,5
";
const LINES: &str = r#"{"id": "x1", "email": "x1@example.com", "score": 1}

{"id": "x2", "email":
{"email": "nobody@example.com"}
{"id": "x5", "email": "x5@example.com"}
"#;
const NO_ID: &str = "expected the contact's id where the mappings read it";

/// As `GET /imports/{id}` has it.
fn failure(place: &str, reason: &str) -> Value {
    json!({ "place": place, "kind": "unreadable", "reason": reason, "retryable": false })
}

/// An import that brings over the contacts `x1` and `x5`, and these failures.
async fn check(imports: &Imports, import: &str, expected: [Value; 2]) {
    let status = imports.ended(import).await;
    let counts = json!({
        "seen": 4, "created": 2, "updated": 0, "unchanged": 0, "failed": 2, "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &counts), "{status}");
    assert_eq!(status["failures"], json!(expected));
    let there = imports.contacts.botmatic.contacts(TENANT).into_iter();
    let emails: Vec<_> = there.map(|it| it.fields["email"].clone()).collect();
    assert_eq!(emails, ["x1@example.com", "x5@example.com"]);
}

#[tokio::test]
async fn of_a_file_it_is_told_by_its_line_and_the_others_arrive() {
    let fields = "expected 3 fields, as many as the header row has";
    let json = "expected a JSON object";
    for (format, text, expected) in [
        ("csv", CSV, [failure("line 4", fields), failure("line 5", NO_ID)]),
        ("jsonl", LINES, [failure("line 3", json), failure("line 4", NO_ID)]),
    ] {
        let imports = Imports::start(0).await;
        let server = FileServer::start(text).await;
        let mapping = imports.run(1, Duration::from_secs(20)).await;
        let source = format!("{}/contacts.{format}", server.url());
        let request = json!({ "integration": imports.integration, "source": source });
        let begun = invoke(&imports.instance().await, request).await;
        check(&imports, begun["import"].as_str().unwrap(), expected).await;
        mapping.stop().await;
    }
}

/// One page, and an empty one after it.
async fn list(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    if query["page"] != "1" {
        return Json(json!({ "contacts": [] }));
    }
    let contact = |id: Value| {
        let name = id.as_str().unwrap_or("nobody").to_owned();
        json!({ "id": id, "email": format!("{name}@example.com") })
    };
    let contacts = [json!("x1"), json!({}), Value::Null, json!("x5")].map(contact);
    Json(json!({ "contacts": contacts }))
}

#[tokio::test]
async fn of_a_service_it_is_told_by_its_page_and_the_others_arrive() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("base_url: http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/contacts", get(list));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let config = CONFIG.replace("base_url: CRM", &url);
    let imports =
        Imports::with(0, ImportsOptions { config: &config, ..ImportsOptions::default() }).await;
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let import = imports.begin(json!({})).await;
    let expected = ["item 2 of the first page", "item 3 of the first page"];
    check(&imports, &import, expected.map(|place| failure(place, "expected an id at `id`"))).await;
    mapping.stop().await;
}
