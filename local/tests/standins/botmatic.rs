//! Botmatic's API, call by call, and what it refuses.

use std::sync::Arc;

use patchcord::ground::clock::{ManualClock, Timestamp};
use patchcord_local::standins::{BotmaticStandin, StandinOptions};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::client::{Client, fields, named};

async fn start() -> (BotmaticStandin, Client) {
    // 2026-01-31T12:00:00Z, where it stays.
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_769_860_800_000)));
    let options = StandinOptions { clock, body_limit: 10_000, ..StandinOptions::default() };
    let botmatic = BotmaticStandin::start(options).await.unwrap();
    let client = Client::of(&botmatic, "local-token");
    (botmatic, client)
}

#[tokio::test]
async fn validates_tokens() {
    let (botmatic, client) = start().await;
    botmatic.add_key("local", "a renewed token");
    assert!(botmatic.revoke_key("local-token"));
    let cases =
        [("a+renewed+token", true), ("local-token", false), ("", false), ("anything", false)];
    for (token, expected) in cases {
        let request = client.request("POST", "/api/integrationtokens/validate");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = Client::send(request.body(format!("token={token}"))).await;
        assert_eq!(answer, (200, json!({ "success": expected })), "{token}");
    }
    let as_json = json!({ "token": "a renewed token" });
    assert_eq!(client.call("POST", "/api/integrationtokens/validate", as_json).await.0, 415);
}

#[tokio::test]
async fn creates_updates_and_deletes_a_contact() {
    let (botmatic, client) = start().await;
    let contact = json!({ "firstname": "Giselle", "email": "g@example.com", "note": null });
    let answer = client.call("POST", "/api/contacts", json!({ "contact": contact })).await;
    assert_eq!(answer, (201, json!({ "success": true, "id": 1 })));
    let created = botmatic.contact("local", "1").unwrap();
    assert_eq!(
        Value::Object(created.fields),
        json!({ "firstname": "Giselle", "email": "g@example.com" })
    );
    assert_eq!(created.updated_at, "2026-01-31T12:00:00.000000Z");

    let patch = json!({ "contact_id": "1", "contact": { "firstname": null, "city": "Lyon" } });
    let answer = client.call("PATCH", "/api/contacts/1", patch).await;
    assert_eq!(answer, (200, json!({ "success": true, "id": 1 })));
    let updated = botmatic.contact("local", "1").unwrap();
    let expected = json!({
        "id": 1, "email": "g@example.com", "city": "Lyon",
        "updated_at": "2026-01-31T12:00:00.000001Z",
    });
    assert_eq!(botmatic.to_json(&updated), expected);

    assert_eq!(client.delete("/api/contacts/1").await, (204, Value::Null));
    assert_eq!(client.delete("/api/contacts/1").await.0, 404);
    assert_eq!(botmatic.contacts("local"), []);
    // An id is not used twice.
    let answer = client.call("POST", "/api/contacts", json!({ "contact": {} })).await;
    assert_eq!(answer.1["id"], 2);
}

#[tokio::test]
async fn takes_properties_campaign_events_and_bots() {
    let (botmatic, client) = start().await;
    let properties =
        json!([{ "name": "city", "type": "text" }, { "name": "born", "type": "date" }]);
    let body = json!({ "properties": properties });
    assert_eq!(client.call("POST", "/api/properties", body).await.0, 201);
    let properties = botmatic.properties("local").into_iter().collect::<Vec<_>>();
    let named = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
    assert_eq!(properties, [named("born", "date"), named("city", "text")]);

    botmatic.user_creates("local", super::client::named("Ada")).unwrap();
    let path = "/api/campaigns/execute-event";
    let event = |id: u64| json!({ "event_name": "birthday", "contacts": [id] });
    assert_eq!(client.call("POST", path, event(1)).await.0, 200);
    assert_eq!(client.call("POST", path, event(2)).await.0, 404);
    let events = botmatic.campaign_events("local");
    assert_eq!(events.len(), 1);
    assert_eq!((&*events[0].event_name, &*events[0].contacts), ("birthday", &["1".to_owned()][..]));

    let bot = json!({ "bot": r#"{"steps": []}"#, "is_draft": true });
    assert_eq!(client.call("PATCH", "/api/bots/1", bot.clone()).await.0, 200);
    assert_eq!(client.call("PATCH", "/api/bots/2", bot).await.0, 404);
    let (status, found) = client.get("/api/bots/1").await;
    assert_eq!(
        (status, &found["bot"], &found["is_draft"]),
        (200, &json!(r#"{"steps": []}"#), &json!(true))
    );
    assert_eq!(client.get("/api/bots?page_size=5").await, (200, json!({ "bots": [found] })));
    assert_eq!(client.get("/api/bots?page_size=0").await, (200, json!({ "bots": [] })));
}

#[tokio::test]
async fn refuses_what_a_server_would_refuse() {
    let (botmatic, client) = start().await;
    botmatic.user_creates("local", named("Ada")).unwrap();
    let long = "x".repeat(10_001);
    let cases = [
        ("method", "PUT", "/api/contacts", "{}", 405),
        ("method of one", "GET", "/api/contacts/1", "", 405),
        ("path", "POST", "/api/contact", "{}", 404),
        ("no body", "POST", "/api/contacts", "", 400),
        ("malformed", "POST", "/api/contacts", "{\"contact\": {", 400),
        ("not an object", "POST", "/api/contacts", "[]", 422),
        ("neither", "POST", "/api/contacts", "{}", 422),
        ("both", "POST", "/api/contacts", r#"{"contact": {}, "contacts": []}"#, 422),
        ("contact no object", "POST", "/api/contacts", r#"{"contact": "x"}"#, 422),
        ("contacts no list", "POST", "/api/contacts", r#"{"contacts": {"0": {}}}"#, 422),
        ("updates no list", "PATCH", "/api/contacts", r#"{"contacts": {}}"#, 422),
        ("an id", "POST", "/api/contacts", r#"{"contact": {"id": 5}}"#, 422),
        ("e-mail", "POST", "/api/contacts", r#"{"contact": {"email": "x"}}"#, 422),
        ("no contact_id", "PATCH", "/api/contacts/1", r#"{"contact": {}}"#, 422),
        ("other id", "PATCH", "/api/contacts/1", r#"{"contact_id": 2, "contact": {}}"#, 422),
        ("unknown", "PATCH", "/api/contacts/2", r#"{"contact_id": 2, "contact": {}}"#, 404),
        ("no id", "PATCH", "/api/contacts/x", r#"{"contact_id": "x", "contact": {}}"#, 404),
        ("unknown to delete", "DELETE", "/api/contacts/2", "", 404),
        ("type", "POST", "/api/properties", r#"{"properties": [{"name": "a", "type": "b"}]}"#, 422),
        ("bot", "PATCH", "/api/bots/1", r#"{"bot": "{", "is_draft": true}"#, 422),
        ("too large", "POST", "/api/contacts", &long, 413),
    ];
    for (name, method, path, body, expected) in cases {
        let request = client.request(method, path).bearer_auth("local-token");
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let (status, answer) = Client::send(request).await;
        assert_eq!(status, expected, "{name}: {answer}");
        assert_eq!(answer["success"], false, "{name}: {answer}");
    }
    assert_eq!(botmatic.contacts("local").len(), 1);
}

/// Also for a client that reads no answer before it has sent everything.
#[tokio::test]
async fn a_large_body_is_refused_with_an_answer() {
    let (botmatic, _) = start().await;
    let addr = botmatic.endpoint().strip_prefix("http://").unwrap().to_owned();
    let size = 30_000_000;
    let head = format!("POST /api/contacts HTTP/1.1\r\nhost: x\r\ncontent-length: {size}\r\n\r\n");
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b'x'; size]).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
    assert_eq!(botmatic.requests().total(), 1);
}

#[tokio::test]
async fn refuses_who_has_no_token() {
    let (botmatic, client) = start().await;
    let call = || {
        let request = client.request("POST", "/api/contacts");
        request.body(r#"{"contact": {}}"#).header("content-type", "application/json; charset=utf-8")
    };
    let cases = [
        ("none", call()),
        ("wrong", call().bearer_auth("local-token2")),
        ("basic", call().basic_auth("local-token", Some(""))),
        ("no scheme", call().header("authorization", "local-token")),
    ];
    for (name, request) in cases {
        assert_eq!(Client::send(request).await.0, 401, "{name}");
    }
    let text = call().bearer_auth("local-token");
    assert_eq!(Client::send(text).await.0, 201);
    let request = client.request("POST", "/api/contacts").bearer_auth("local-token");
    assert_eq!(Client::send(request.body(r#"{"contact": {}}"#)).await.0, 415);
    assert_eq!(botmatic.count("local"), 1);
}

#[tokio::test]
async fn keeps_tenants_apart() {
    let (botmatic, client) = start().await;
    botmatic.add_key("other", "other-token");
    let other = Client::of(&botmatic, "other-token");
    let contact = json!({ "contact": { "firstname": "Ada" } });
    assert_eq!(client.call("POST", "/api/contacts", contact.clone()).await.1["id"], 1);
    assert_eq!(other.call("POST", "/api/contacts", contact).await.1["id"], 2);
    let properties = json!({ "properties": [{ "name": "city", "type": "text" }] });
    other.call("POST", "/api/properties", properties).await;

    assert_eq!(client.delete("/api/contacts/2").await.0, 404);
    let patch = json!({ "contact_id": 1, "contact": { "firstname": "Eve" } });
    assert_eq!(other.call("PATCH", "/api/contacts/1", patch).await.0, 404);
    let of = |tenant| botmatic.contacts(tenant).into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!((of("local"), of("other")), (vec!["1".to_owned()], vec!["2".to_owned()]));
    assert_eq!(
        botmatic.contact("local", "1").unwrap().fields,
        fields(json!({ "firstname": "Ada" }))
    );
    assert!(botmatic.properties("local").is_empty());
}
