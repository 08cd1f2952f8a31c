//! Pipedrive's webhooks, as its guides show them. The header was made with
//! `printf 'patchcord:s3cret' | base64`.

use super::*;
use crate::ground::clock::Timestamp;

const RIGHT: &str = "Basic cGF0Y2hjb3JkOnMzY3JldA==";

fn receive(authorization: Option<&str>, body: &str) -> Result<Vec<Pushed>, PushError> {
    let pushes = pushes(json!({
        "type": "pipedrive",
        "user": "patchcord",
        "password": "{{ settings.push_password }}",
    }));
    let given: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
    pushes.receive(
        &"POST".parse().unwrap(),
        &"https://hooks.example.com/contacts/hooks".parse().unwrap(),
        &headers(&given),
        body.as_bytes(),
        &fields(json!({"push_password": "s3cret"})),
        Timestamp::default(),
    )
}

fn v2(action: &str, entity: &str, id: &Value) -> String {
    let meta = json!({
        "action": action, "entity": entity, "entity_id": id, "version": "2.0",
        "id": "d1a9a0f7-3ef8-4b5c-8a3b-0e8b0c1ff2b1", "attempt": 1, "host": "x.pipedrive.com",
    });
    json!({"meta": meta, "data": {"first_name": "Ada"}, "previous": null}).to_string()
}

fn v1(action: &str, object: &str, id: &Value) -> String {
    let meta = json!({"v": 1, "action": action, "object": object, "id": id, "webhook_id": 9});
    json!({"v": 1, "meta": meta, "retry": 0, "current": {"name": "Ada"}, "previous": null})
        .to_string()
}

#[test]
fn only_the_credentials_let_a_request_in() {
    let body = v2("change", "person", &json!("7"));
    for (name, authorization, expected) in [
        ("right", Some(RIGHT), true),
        ("scheme in lower case", Some("basic cGF0Y2hjb3JkOnMzY3JldA=="), true),
        ("none", None, false),
        ("empty", Some("Basic "), false),
        ("truncated", Some("Basic cGF0Y2hjb3JkOnMzY3JldA="), false),
        ("other password", Some("Basic cGF0Y2hjb3JkOnMzY3JlVA=="), false),
        ("other user", Some("Basic cGF0Y2hjb3JlOnMzY3JldA=="), false),
        ("not encoded", Some("Basic patchcord:s3cret"), false),
        ("other scheme", Some("Bearer cGF0Y2hjb3JkOnMzY3JldA=="), false),
    ] {
        let received = receive(authorization, &body);
        assert_eq!(received.is_ok(), expected, "{name}");
        let refused = received.err().is_none_or(|error| error == PushError::Unauthorized);
        assert!(refused, "{name}");
    }
    assert_eq!(receive(None, "no JSON").err(), Some(PushError::Unauthorized));
}

#[test]
fn what_happened_to_a_person_is_told_and_the_person_read() {
    for (name, body, expected) in [
        ("create", v2("create", "person", &json!("7")), json!(["created", "7", null])),
        ("change", v2("change", "person", &json!(7)), json!(["changed", "7", null])),
        ("delete", v2("delete", "person", &json!("7")), json!(["deleted", "7"])),
        ("added", v1("added", "person", &json!(7)), json!(["created", "7", null])),
        ("updated", v1("updated", "person", &json!(7)), json!(["changed", "7", null])),
        ("merged", v1("merged", "person", &json!(7)), json!(["changed", "7", null])),
        ("deleted", v1("deleted", "person", &json!(7)), json!(["deleted", "7"])),
        ("another action", v2("archive", "person", &json!("7")), json!("ignored")),
        ("another object", v2("change", "deal", &json!("7")), json!("ignored")),
        ("another object, 1", v1("updated", "organization", &json!(7)), json!("ignored")),
        ("another kind of id", v2("change", "lead", &json!(null)), json!("ignored")),
    ] {
        let received =
            receive(Some(RIGHT), &body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(shown(&received), json!([expected]), "{name}");
    }
}

#[test]
fn what_is_none_is_refused_by_place() {
    let id = "a non-empty text of at most 900 bytes, or an integer at";
    for (name, body, expected) in [
        ("no JSON", "s3cret".to_owned(), "JSON: expected value at line 1 column 1".to_owned()),
        ("a list", "[]".to_owned(), "an object at `meta`".to_owned()),
        ("no meta", "{}".to_owned(), "an object at `meta`".to_owned()),
        ("meta is a text", r#"{"meta": "s3cret"}"#.to_owned(), "an object at `meta`".to_owned()),
        ("meta is empty", r#"{"meta": {}}"#.to_owned(), "a text at `meta.object`".to_owned()),
        (
            "no action",
            r#"{"meta": {"entity": "person"}}"#.to_owned(),
            "a text at `meta.action`".to_owned(),
        ),
        ("id is null", v2("create", "person", &json!(null)), format!("{id} `meta.entity_id`")),
        (
            "id is a list",
            v2("change", "person", &json!(["s3cret"])),
            format!("{id} `meta.entity_id`"),
        ),
        ("id is a fraction", v1("deleted", "person", &json!(1.5)), format!("{id} `meta.id`")),
        ("id is empty", v1("deleted", "person", &json!("")), format!("{id} `meta.id`")),
    ] {
        assert_eq!(receive(Some(RIGHT), &body).err(), Some(malformed(&expected)), "{name}");
    }
}
