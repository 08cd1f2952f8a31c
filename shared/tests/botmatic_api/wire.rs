//! Each call as it is on the wire, row by row of Botmatic's API.

use serde_json::{Value, json};

use crate::support::harness::{ALL, Harness, Op, TOKEN};
use crate::support::server::{Reply, Server};

/// What is asked, what is answered, and what the caller gets of it.
fn row(op: Op) -> (&'static str, Value, Reply, Value) {
    let ada = json!({"email": "sesame@example.com"});
    let ok = || Reply::json(200, &json!({"success": true}));
    let created = |body| Reply::json(201, &body);
    match op {
        Op::Validate => {
            ("POST /api/integrationtokens/validate", json!({"token": TOKEN}), ok(), json!(true))
        }
        Op::Create => (
            "POST /api/contacts",
            json!({"contact": ada}),
            created(json!({"success": true, "id": 122})),
            json!("122"),
        ),
        Op::CreateMany(_) => (
            "POST /api/contacts",
            json!({"contacts": [ada, ada]}),
            created(json!({"contacts": [
                {"success": false, "error": "email: taken"},
                {"success": true, "id": "b-2"},
            ]})),
            json!([{"rejected": "email: taken"}, "b-2"]),
        ),
        Op::Update(_) => {
            ("PATCH /api/contacts/1", json!({"contact_id": "1", "contact": ada}), ok(), Value::Null)
        }
        Op::UpdateMany(_) => (
            "PATCH /api/contacts",
            json!({"contacts": [
                {"contact_id": "1", "contact_props": ada},
                {"contact_id": "2", "contact_props": ada},
            ]}),
            ok(),
            json!(["done", "done"]),
        ),
        Op::Delete(_) => ("DELETE /api/contacts/1", Value::Null, Reply::empty(204), Value::Null),
        Op::Property => (
            "POST /api/properties",
            json!({"properties": [{"name": "n", "type": "number"}]}),
            created(json!({"success": true})),
            Value::Null,
        ),
        Op::Properties => (
            "POST /api/properties",
            json!({"properties": [
                {"name": "city", "type": "text"},
                {"name": "born", "type": "date"},
            ]}),
            created(json!({"success": true})),
            Value::Null,
        ),
        Op::Event => (
            "POST /api/campaigns/execute-event",
            json!({"event_name": "won", "contacts": ["1", "2"]}),
            created(json!({})),
            Value::Null,
        ),
        Op::Bots => (
            "GET /api/bots",
            Value::Null,
            Reply::json(200, &json!({"bots": [{"id": 1}]})),
            json!({"bots": [{"id": 1}]}),
        ),
        Op::Bot(_) => {
            ("GET /api/bots/1", Value::Null, Reply::json(200, &json!({"id": 1})), json!({"id": 1}))
        }
        Op::UpdateBot(_) => (
            "PATCH /api/bots/1",
            json!({"bot": "{\"steps\":[]}", "is_draft": true}),
            ok(),
            Value::Null,
        ),
    }
}

#[tokio::test]
async fn each_call_is_as_botmatic_describes_it() {
    for op in ALL {
        let (line, body, reply, expected) = row(op);
        let server = Server::script(vec![reply]).await;
        assert_eq!(Harness::of(&server.url).call(op).await.unwrap(), expected, "{op:?}");
        let seen = server.seen().remove(0);
        assert_eq!(seen.line(), line);
        let bearer = if op == Op::Validate { "" } else { &format!("Bearer {TOKEN}") };
        assert_eq!(seen.header("authorization"), bearer, "{op:?}");
        let sent = if op == Op::Validate { json!(seen.form()) } else { seen.json() };
        assert_eq!(sent, body, "{op:?}");
        let size = seen.query.get("page_size").map(String::as_str);
        assert_eq!(size, (op == Op::Bots).then_some("20"), "{op:?}");
    }
}

#[tokio::test]
async fn an_id_stays_within_its_segment() {
    for (id, path) in [
        ("a b", "/api/contacts/a%20b"),
        ("../bots?x=1#y", "/api/contacts/..%2Fbots%3Fx%3D1%23y"),
        ("%2e%2e", "/api/contacts/%252e%252e"),
        ("1\n2", "/api/contacts/1%0A2"),
        ("...", "/api/contacts/..."),
    ] {
        let server = Server::start(|_| Reply::empty(204)).await;
        let api = Harness::of(&server.url);
        api.call(Op::Delete(id)).await.unwrap();
        api.call(Op::Update(id)).await.unwrap();
        assert_eq!(server.lines(), [format!("DELETE {path}"), format!("PATCH {path}")], "{id}");
    }
    let server = Server::start(|_| Reply::empty(204)).await;
    let api = Harness::of(&server.url);
    for op in [Op::Delete("."), Op::Delete(".."), Op::Update(".."), Op::Bot(""), Op::Bot("..")] {
        let error = api.call(op).await.unwrap_err().to_string();
        assert_eq!((error.as_str(), server.lines().len()), ("resource not found", 0), "{op:?}");
    }
}

#[tokio::test]
async fn nothing_is_asked_about_nothing() {
    let server = Server::script(vec![]).await;
    let api = Harness::of(&server.url);
    for op in [Op::CreateMany(0), Op::UpdateMany(0)] {
        assert_eq!(api.call(op).await.unwrap(), json!([]));
    }
    assert!(server.seen().is_empty());
}
