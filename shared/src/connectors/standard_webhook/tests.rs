//! Bodies and what they become.

use serde_json::{Value, json};

use super::StandardWebhookConnector;
use super::events::Mapping;
use super::fields::{Fields, FieldsConfig};
use crate::chat::{Connector as _, Event, Received};
use crate::connectors::registry::{ChannelSettings, Stage};
use crate::ground::config::Place;
use crate::ground::http::client;

fn mapping(types: Option<&[&str]>, fields: &str) -> Mapping {
    let config: FieldsConfig = yaml_serde::from_str(fields).unwrap();
    let fields = Fields::compile(config, &Place::root()).unwrap();
    let types = types.map(|types| types.iter().map(|&name| name.to_owned()).collect());
    Mapping { types, fields }
}

fn event(received: Received) -> Event {
    assert_eq!((received.ignored, received.malformed), (0, 0));
    received.events.into_iter().next().expect("an event")
}

#[test]
fn a_body_becomes_the_event_that_the_settings_say() {
    let message = |text: &str| json!({"message": {"text": text}});
    for (name, fields, body, expected, place) in [
        (
            "an envelope",
            "{}",
            json!({"type": "t", "data": {"sender": "ada", "message": " hi "}}),
            message(" hi "),
            json!({"room": "ada"}),
        ),
        (
            "flat, as the REST channel has it",
            "{}",
            json!({"sender": 7, "message": "hi", "message_id": "m"}),
            message("hi"),
            json!({"room": "7"}),
        ),
        (
            "`data` that is no object",
            "{}",
            json!({"sender": "ada", "message": "hi", "data": [1]}),
            message("hi"),
            json!({"room": "ada"}),
        ),
        (
            "a group's thread",
            "{}",
            json!({"data": {"sender": "ada", "room": "r", "thread": 3, "message": "hi"}}),
            message("hi"),
            json!({"room": "r", "thread": "3"}),
        ),
        (
            "a button",
            "{}",
            json!({"data": {"sender": "ada", "message": "Yes", "payload": "/yes"}}),
            json!({"payload": {"data": "/yes", "title": "Yes"}}),
            json!({"room": "ada"}),
        ),
        (
            "a button that carries an object",
            "{}",
            json!({"data": {"sender": "ada", "payload": {"a": 1}}}),
            json!({"payload": {"data": "{\"a\":1}", "title": null}}),
            json!({"room": "ada"}),
        ),
        (
            "a shape of one's own",
            "{sender: \"body['user-id']\", text: 'body.parts[0].text | trim', room: data.chat or none}",
            json!({"user-id": "ada", "parts": [{"text": " hi "}], "chat": "c"}),
            message("hi"),
            json!({"room": "c"}),
        ),
    ] {
        let event = event(mapping(None, fields).received(body.clone(), "msg_1").unwrap());
        assert_eq!(serde_json::to_value(&event.kind).unwrap(), expected, "{name}");
        assert_eq!(serde_json::to_value(&event.target).unwrap(), place, "{name}");
        assert_eq!((event.id.as_deref(), &event.raw), (Some("msg_1"), &body), "{name}");
    }
}

#[test]
fn ids_come_from_the_body_if_that_is_wanted() {
    let mapping = mapping(None, "{id: data.message_id}");
    let id = |body: Value| event(mapping.received(body, "msg_1").unwrap()).id.unwrap();
    assert_eq!(id(json!({"sender": "a", "message": "hi", "message_id": 7})), "7");
    assert_eq!(id(json!({"sender": "a", "message": "hi", "message_id": ""})), "msg_1");
    assert_eq!(id(json!({"sender": "a", "message": "hi"})), "msg_1");
}

#[test]
fn unknown_types_and_what_says_nothing_are_ignored() {
    for (types, body) in [
        (None, json!({"type": "contact.created", "data": {"id": 1}})),
        (None, json!({"type": "message.created", "data": {"message": {"no": "text"}}})),
        (None, json!([1, 2])),
        (None, json!("hello")),
        (Some(["a"]), json!({"type": "b", "data": {"sender": "ada", "message": "hi"}})),
        (Some(["a"]), json!({"sender": "ada", "message": "hi"})),
    ] {
        let mapping = mapping(types.as_ref().map(<[&str; 1]>::as_slice), "{}");
        let received = mapping.received(body.clone(), "msg_1").unwrap();
        assert_eq!((received.events.len(), received.ignored), (0, 1), "{body}");
    }
    let named = mapping(Some(&["contact.created"]), "{sender: data.id}");
    let body = json!({"type": "contact.created", "data": {"id": 1}});
    let event = event(named.received(body, "msg_1").unwrap());
    let kind = serde_json::to_value(&event.kind).unwrap();
    assert_eq!(kind, json!({"unknown": {"name": "contact.created"}}));
}

#[test]
fn what_is_missing_is_named_and_no_value_is_shown() {
    for (fields, body, expected) in [
        (
            "{}",
            json!({"message": "s3cret"}),
            "sender: expected a text or a number at `data.sender`",
        ),
        (
            "{}",
            json!({"message": "hi", "sender": {"s3cret": 1}}),
            "sender: expected a text or a number at `data.sender`",
        ),
        ("{}", json!({"message": "hi", "sender": ""}), "sender: expected a text or a number"),
        (
            "{}",
            json!({"message": "hi", "sender": "a", "thread": ["s3cret"]}),
            "thread: expected a text or a number at `data.thread`",
        ),
        ("{text: data.message | int}", json!({"message": "s3cret"}), "text: invalid operation"),
    ] {
        let error = mapping(None, fields).received(body.clone(), "msg_1").unwrap_err().to_string();
        assert!(error.starts_with(expected), "{body}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}

#[test]
fn a_conversation_is_a_room_and_its_thread() {
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let settings = json!({"keys": [key], "url": "https://e.com"});
    let channel = ChannelSettings::new("crm", settings, Stage::Deployed, client().unwrap());
    let connector = StandardWebhookConnector::from_settings(&channel).unwrap();
    let session = |data: Value| {
        let mapping = mapping(None, "{}");
        connector.session_key(&event(mapping.received(data, "msg_1").unwrap())).unwrap()
    };
    let said = |room: &str, thread: Value| {
        session(json!({"sender": "ada", "message": "hi", "room": room, "thread": thread}))
    };
    assert_eq!(session(json!({"sender": "ada", "message": "hi"})), "ada");
    assert_eq!(said("r", json!(null)), "r");
    assert_eq!(said("r", json!("1")), "r\n1");
}
