//! What changes in rooms and threads, where the documents show no sample of it.

use http::Request;
use patchcord::chat::{Connector as _, EventKind, Received};
use serde_json::{Value, json};

use crate::signatures::connector;

/// What becomes of an event that is no sample.
pub async fn received(event: &Value) -> Received {
    let body = json!({"type": "event_callback", "team_id": "T1", "event": event}).to_string();
    let request = Request::post("/").body(body.into()).unwrap();
    connector("https://slack.com").map_request(&request).await.unwrap()
}

/// Slack has other names for what happens in private channels.
#[tokio::test]
async fn private_channels_tell_the_same() {
    let said = |subtype: &str, field: &str| {
        let mut said =
            json!({"type": "message", "subtype": subtype, "channel": "G1", "user": "U1"});
        said[field] = json!("new");
        said
    };
    let description = || EventKind::RoomDescribed { description: "new".to_owned() };
    let renamed = json!({"type": "group_rename", "channel": {"id": "G1", "name": "new"}});
    for (event, expected) in [
        (said("group_topic", "topic"), description()),
        (said("group_purpose", "purpose"), description()),
        (renamed, EventKind::RoomRenamed { name: "new".to_owned() }),
    ] {
        let received = received(&event).await;
        let kinds: Vec<_> =
            received.events.into_iter().map(|it| (it.target.room, it.kind)).collect();
        assert_eq!(kinds, [("G1".to_owned(), expected)], "{event}");
    }
}

/// What it says of the message is in `previous_message`.
#[tokio::test]
async fn a_message_is_deleted_in_its_thread() {
    let before = json!({"user": "U1", "text": "oops", "ts": "1.2", "thread_ts": "1.1"});
    let deleted = json!({
        "type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "1.3",
        "deleted_ts": "1.2", "previous_message": before,
    });
    let event = received(&deleted).await.events.remove(0);
    let place = (&*event.target.room, event.target.thread.as_deref(), &*event.sender.id);
    assert_eq!(place, ("C1", Some("1.1"), "U1"));
}
