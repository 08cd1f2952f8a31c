//! HubSpot's events, as its guides show them.

use super::*;
use crate::contacts::push::hubspot::HubSpot;

pub(super) fn read(events: &Value) -> Result<Vec<Pushed>, PushError> {
    read_of(None, events.to_string().as_bytes())
}

pub(super) fn read_of(portal_id: Option<Value>, body: &[u8]) -> Result<Vec<Pushed>, PushError> {
    let mut config = fields(json!({"client_secret": "s3cret"}));
    config.extend(portal_id.map(|id| ("portal_id".to_owned(), id)));
    let hubspot =
        HubSpot::compile(config.into(), &Place::root()).map_err(|_| PushError::NotConfigured)?;
    hubspot.read(body, &fields(json!({"portal": "62515"})))
}

/// An event of the contact 123, with `more`.
pub(super) fn event(kind: &str, more: Value) -> Value {
    let mut event = fields(json!({
        "eventId": 1, "subscriptionId": 12345, "portalId": 62515, "appId": 54321,
        "occurredAt": 1_564_113_600_000_u64, "subscriptionType": kind, "attemptNumber": 0,
        "objectId": 123, "changeSource": "CRM",
    }));
    event.extend(fields(more));
    event.into()
}

pub(super) fn change(name: &str, value: &str) -> Value {
    event("contact.propertyChange", json!({"propertyName": name, "propertyValue": value}))
}

#[test]
fn each_kind_of_event_is_understood() {
    let of_contact = json!({"objectTypeId": "0-1"});
    let property = json!({"objectTypeId": "0-1", "propertyName": "city", "propertyValue": "Rome"});
    let merge = |more| {
        let merge = json!({"primaryObjectId": 1, "mergedObjectIds": [2, 3]});
        let mut merge = fields(merge);
        merge.extend(fields(more));
        event("contact.merge", merge.into())
    };
    let gone = [json!(["deleted", "2"]), json!(["deleted", "3"])];
    let all = |last: Value| [&gone[..], &[last]].concat();
    for (name, event, expected) in [
        (
            "creation",
            event("contact.creation", json!({"changeFlag": "NEW"})),
            vec![json!(["created", "123", null])],
        ),
        ("restore", event("contact.restore", json!({})), vec![json!(["created", "123", null])]),
        ("deletion", event("contact.deletion", json!({})), vec![json!(["deleted", "123"])]),
        ("privacy", event("contact.privacyDeletion", json!({})), vec![json!(["deleted", "123"])]),
        ("change", change("city", "Rome"), vec![json!(["changed", "123", {"city": "Rome"}])]),
        ("cleared", change("city", ""), vec![json!(["changed", "123", {"city": ""}])]),
        ("association", event("contact.associationChange", json!({})), vec![json!("ignored")]),
        (
            "new creation",
            event("object.creation", of_contact.clone()),
            vec![json!(["created", "123", null])],
        ),
        (
            "new restore",
            event("object.restore", of_contact.clone()),
            vec![json!(["created", "123", null])],
        ),
        (
            "new deletion",
            event("object.deletion", of_contact.clone()),
            vec![json!(["deleted", "123"])],
        ),
        (
            "new change",
            event("object.propertyChange", property),
            vec![json!(["changed", "123", {"city": "Rome"}])],
        ),
        ("new association", event("object.associationChange", of_contact), vec![json!("ignored")]),
        (
            "a company",
            event("object.creation", json!({"objectTypeId": "0-2"})),
            vec![json!("ignored")],
        ),
        ("a company, before", event("company.creation", json!({})), vec![json!("ignored")]),
        (
            "a conversation",
            event("conversation.privacyDeletion", json!({})),
            vec![json!("ignored")],
        ),
        ("an unknown kind", event("contact.blessing", json!({})), vec![json!("ignored")]),
        ("no kind at all", event("hello", json!({})), vec![json!("ignored")]),
        (
            "a text for an id",
            event("contact.deletion", json!({"objectId": "123"})),
            vec![json!(["deleted", "123"])],
        ),
        ("merge", merge(json!({})), all(json!(["changed", "1", null]))),
        (
            "merge into the primary",
            merge(json!({"newObjectId": 1})),
            all(json!(["changed", "1", null])),
        ),
        (
            "merge into one of them",
            merge(json!({"newObjectId": 3})),
            vec![json!(["deleted", "2"]), json!(["deleted", "1"]), json!(["created", "3", null])],
        ),
        (
            "merge into a new one",
            merge(json!({"newObjectId": 9})),
            [&gone[..], &[json!(["deleted", "1"]), json!(["created", "9", null])]].concat(),
        ),
    ] {
        let read = read(&json!([event])).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(shown(&read), json!(expected), "{name}");
    }
}

#[test]
fn a_value_that_is_withheld_or_old_is_read_at_the_service() {
    for (name, more) in [
        ("redacted", json!({"propertyValue": "REDACTED"})),
        ("sensitive", json!({"isSensitive": true})),
        ("repeated", json!({"attemptNumber": 1})),
        ("null", json!({"propertyValue": null})),
        ("a number", json!({"propertyValue": 5})),
        ("no name", json!({"propertyName": null})),
    ] {
        let mut event = change("city", "Rome");
        event.as_object_mut().unwrap().extend(fields(more));
        let read = read(&json!([event])).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(shown(&read), json!([["changed", "123", null]]), "{name}");
    }
}
