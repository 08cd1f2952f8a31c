//! `/_control`, which needs no key.

use patchcord_local::standins::{BotmaticStandin, StandinOptions};
use serde_json::{Value, json};

use super::{
    client::{Client, delivering_to, named},
    delivery::idle,
    receiver::Receiver,
};

/// As `curl -d` sends it.
async fn call(client: &Client, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = client.request(method, &format!("/_control/{path}"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    Client::send(request.body(body.to_owned())).await
}

#[tokio::test]
async fn a_person_changes_contacts() {
    let receiver = Receiver::start().await;
    let botmatic = BotmaticStandin::start(delivering_to(&receiver.url)).await.unwrap();
    let client = Client::of(&botmatic, "");
    botmatic.change_settings(|settings| settings.echo = false);
    let (status, created) = call(&client, "POST", "contacts", r#"{"firstname": "Ada"}"#).await;
    assert_eq!((status, &created["id"], &created["firstname"]), (201, &json!(1), &json!("Ada")));
    let (status, updated) = call(&client, "PATCH", "contacts/1", r#"{"city": "Lyon"}"#).await;
    assert_eq!((status, &updated["city"]), (200, &json!("Lyon")));
    let listed = json!({ "contacts": [updated], "total": 1 });
    assert_eq!(call(&client, "GET", "contacts?tenant=local", "").await, (200, listed));
    assert_eq!(call(&client, "GET", "contacts?after=1", "").await.1["contacts"], json!([]));
    assert_eq!(call(&client, "DELETE", "contacts/1", "").await.0, 204);
    assert_eq!(call(&client, "DELETE", "contacts/1", "").await.0, 404);
    assert_eq!(call(&client, "POST", "contacts?tenant=nobody", "{}").await.0, 404);
    for (status, event) in [
        (422, r#"{"data": {}}"#),
        (422, r#"{"event": "a", "action": "b"}"#),
        (202, r#"{"event": "user_reply", "data": {"contact_id": 1}}"#),
    ] {
        assert_eq!(call(&client, "POST", "events", event).await.0, status, "{event}");
    }
    idle(&botmatic).await;
    assert_eq!(receiver.received()[3].body["data"], json!({ "contact_id": 1 }));
    let events: Vec<Value> = receiver.received().iter().map(|r| r.body["event"].clone()).collect();
    assert_eq!(events, ["contact_created", "contact_updated", "contact_deleted", "user_reply"]);
    let (_, outbox) = call(&client, "GET", "outbox", "").await;
    assert_eq!((&outbox["waiting"], &outbox["delivered"]), (&json!(0), &json!(4)));
    assert_eq!(outbox["recent"][0]["ending"], "delivered");
    // Nothing of this is a request to the API.
    let (_, requests) = call(&client, "GET", "requests", "").await;
    assert_eq!(requests, json!({ "counts": [], "recent": [], "most_at_once": 0 }));
}

#[tokio::test]
async fn settings_keys_and_a_reset() {
    let botmatic = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    let client = Client::of(&botmatic, "t2");
    let (before, new) = (call(&client, "GET", "state", "").await, r#"{"key": "t2"}"#);
    assert_eq!(client.get("/api/bots").await.0, 401);
    assert_eq!(call(&client, "PUT", "tenants/b", new).await.0, 200);
    assert_eq!(client.get("/api/bots").await.0, 200);
    assert_eq!(call(&client, "DELETE", "keys/t2", "").await.0, 200);
    assert_eq!(client.get("/api/bots").await.0, 401);
    botmatic.user_creates("b", named("Ada")).unwrap();

    assert_eq!(call(&client, "PUT", "settings", r#"{"echo": false}"#).await.1["echo"], false);
    let paused = call(&client, "PUT", "outbox", r#"{"paused": true}"#).await;
    assert_eq!(paused.1["paused"], true);
    let rules = r#"{"script": [{"path": "/api/*", "times": 2, "fault": {"status": 503}}]}"#;
    assert_eq!(call(&client, "PUT", "faults", rules).await.0, 200);
    let late = r#"{"delay_ms": 1, "rate_drop": 0.5}"#;
    assert_eq!(call(&client, "PUT", "delivery-faults", late).await.0, 200);
    for (path, wrong) in [
        ("settings", r#"{"ecko": true}"#),
        ("settings", r#"{"echo": "yes"}"#),
        ("faults", r#"{"rate_429": 2}"#),
        ("faults", r#"{"script": [{"fault": "explode"}]}"#),
        ("delivery-faults", r#"{"rate_drop": -1}"#),
        ("tenants/b", r#"{"kee": "x"}"#),
    ] {
        assert_eq!(call(&client, "PUT", path, wrong).await.0, 422, "{path} {wrong}");
    }
    assert_eq!(client.get("/api/bots").await.0, 503);

    let (_, state) = call(&client, "GET", "state", "").await;
    assert_eq!(state["tenants"]["b"], json!({ "contacts": 1, "integration": "b" }));
    assert_eq!(
        (&state["settings"]["echo"], &state["faults"]["script"][0]["times"]),
        (&json!(false), &json!(1))
    );
    let (_, requests) = call(&client, "GET", "requests", "").await;
    let counted = requests["counts"].as_array().unwrap();
    let of = |status: u16| counted.iter().find(|counted| counted["status"] == status).unwrap();
    assert_eq!(
        of(401),
        &json!({ "method": "GET", "path": "/api/bots", "status": 401, "count": 2 })
    );
    assert_eq!(requests["most_at_once"], 1);

    assert_eq!(call(&client, "POST", "reset", "").await.0, 200);
    assert_eq!(call(&client, "GET", "state", "").await, before);
    assert_eq!(botmatic.requests().total(), 0);
}

#[tokio::test]
async fn a_reset_forgets_what_waits() {
    let receiver = Receiver::start().await;
    let botmatic = BotmaticStandin::start(delivering_to(&receiver.url)).await.unwrap();
    botmatic.pause_deliveries(true);
    botmatic.user_creates("local", named("Ada")).unwrap();
    botmatic.reset();
    idle(&botmatic).await;
    // The settings are those of the start, so this one is delivered; its lane is the old one's.
    botmatic.user_creates("local", named("Bob")).unwrap();
    idle(&botmatic).await;
    let requests = receiver.received();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(requests[0].body["data"]["firstname"], "Bob");
}
