//! HubSpot's requests: many events, of several accounts, some of them wrong.

use super::hubspot::{change, event, read, read_of};
use super::*;

#[test]
fn the_events_of_one_contact_become_one_in_the_order_they_happened() {
    let at = |mut event: Value, moment: u64| {
        event["occurredAt"] = moment.into();
        event
    };
    let (created, deleted) =
        (event("contact.creation", json!({})), event("contact.deletion", json!({})));
    let other = event("contact.deletion", json!({"objectId": 7}));
    for (name, events, expected) in [
        (
            "several properties",
            json!([change("city", "Rome"), other, change("name", "Ada")]),
            json!([["changed", "123", {"city": "Rome", "name": "Ada"}], ["deleted", "7"]]),
        ),
        (
            "one property twice, the later one first",
            json!([at(change("city", "Rome"), 2), at(change("city", "Oslo"), 1)]),
            json!([["changed", "123", {"city": "Rome"}]]),
        ),
        (
            "one of them unknown",
            json!([change("city", "Rome"), change("name", "REDACTED")]),
            json!([["changed", "123", null]]),
        ),
        (
            "created and changed",
            json!([created, change("city", "Rome")]),
            json!([["created", "123", null]]),
        ),
        (
            "created and deleted",
            json!([at(deleted.clone(), 2), at(created.clone(), 1)]),
            json!([["deleted", "123"]]),
        ),
        (
            "changed after the end",
            json!([deleted, change("city", "Rome")]),
            json!([["deleted", "123"]]),
        ),
        ("restored", json!([at(created, 2), at(deleted, 1)]), json!([["created", "123", null]])),
        ("nothing", json!([]), json!([])),
    ] {
        assert_eq!(shown(&read(&events).unwrap_or_default()), expected, "{name}");
    }
}

#[test]
fn other_accounts_events_are_ignored() {
    let body = json!([
        event("contact.deletion", json!({"portalId": 1})),
        event("contact.deletion", json!({}))
    ]);
    for portal_id in [json!(62_515), json!("62515"), json!("{{ settings.portal }}")] {
        let read = read_of(Some(portal_id.clone()), body.to_string().as_bytes());
        let read = read.unwrap_or_else(|error| panic!("{portal_id}: {error}"));
        assert_eq!(shown(&read), json!(["ignored", ["deleted", "123"]]), "{portal_id}");
    }
    let not_entered = read_of(Some(json!("{{ settings.missing }}")), body.to_string().as_bytes());
    assert_eq!(not_entered.err(), Some(PushError::NotConfigured));
}

#[test]
fn what_is_none_is_refused_by_place() {
    let id = "a non-empty text of at most 900 bytes, or an integer at";
    for (name, events, expected) in [
        ("an object", json!({"s3cret": 1}), "a list of events".to_owned()),
        ("a text in it", json!(["s3cret"]), "an event at `0`".to_owned()),
        ("no kind", json!([{}]), "a text at `0.subscriptionType`".to_owned()),
        (
            "kind is a number",
            json!([{"subscriptionType": 5}]),
            "a text at `0.subscriptionType`".to_owned(),
        ),
        (
            "no type",
            json!([event("object.creation", json!({}))]),
            "a text at `0.objectTypeId`".to_owned(),
        ),
        ("no id", json!([{"subscriptionType": "contact.creation"}]), format!("{id} `0.objectId`")),
        (
            "id is a list",
            json!([event("contact.creation", json!({"objectId": ["s3cret"]}))]),
            format!("{id} `0.objectId`"),
        ),
        (
            "id is a fraction",
            json!([event("contact.deletion", json!({"objectId": 1.5}))]),
            format!("{id} `0.objectId`"),
        ),
        (
            "id is too large",
            json!([event("contact.deletion", json!({"objectId": 1e300}))]),
            format!("{id} `0.objectId`"),
        ),
        (
            "no primary",
            json!([event("contact.merge", json!({"mergedObjectIds": []}))]),
            format!("{id} `0.primaryObjectId`"),
        ),
        (
            "no merged",
            json!([event("contact.merge", json!({"primaryObjectId": 1}))]),
            "a list of ids at `0.mergedObjectIds`".to_owned(),
        ),
        (
            "merged are none",
            json!([event(
                "contact.merge",
                json!({"primaryObjectId": 1, "mergedObjectIds": [null]})
            )]),
            "ids at `0.mergedObjectIds`".to_owned(),
        ),
    ] {
        assert_eq!(read(&events).err(), Some(malformed(&expected)), "{name}");
    }
    let deep = "[".repeat(200);
    let expected = "JSON: recursion limit exceeded at line 1 column 128";
    assert_eq!(read_of(None, deep.as_bytes()).err(), Some(malformed(expected)));
}

#[test]
fn one_bad_event_does_not_fail_the_others() {
    let events =
        json!([event("contact.deletion", json!({"objectId": null})), change("city", "Rome")]);
    let unreadable =
        "expected a non-empty text of at most 900 bytes, or an integer at `0.objectId`";
    assert_eq!(
        shown(&read(&events).unwrap_or_default()),
        json!([{"unreadable": unreadable}, ["changed", "123", {"city": "Rome"}]])
    );
}
