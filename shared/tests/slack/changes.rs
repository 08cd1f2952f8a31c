//! What changes in rooms and threads, where the documents show no sample of it.

use http::Request;
use patchcord::chat::{Connector as _, EventKind, Message, Received};
use patchcord::connectors::slack::SlackEvent;
use serde_json::{Value, json};

use crate::signatures::{configured, connector};

/// What becomes of an event that is no sample.
pub async fn received(event: &Value) -> Received {
    let body =
        json!({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event});
    let body = body.to_string();
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

/// Slack sends a mention again when it is edited, and tells of the edit as well if the app has
/// subscribed to messages.
#[tokio::test]
async fn a_mention_that_is_edited_is_an_edit_and_the_same_one() {
    let message = |text: &str, edited: Value| {
        json!({
            "type": "app_mention", "user": "U1", "text": text, "ts": "1.1", "thread_ts": "1.0",
            "edited": edited,
        })
    };
    let (first, second) = (json!({"user": "U1", "ts": "2.0"}), json!({"user": "U1", "ts": "3.0"}));
    let changed = |now: &Value, before: Value| {
        json!({
            "type": "message", "subtype": "message_changed", "channel": "C1", "message": now,
            "previous_message": before,
        })
    };
    let now = message("hello", second.clone());
    let mut mention = now.clone();
    mention["channel"] = json!("C1");
    let without_file = json!({"text": "hello", "files": [{"id": "F1"}], "edited": second});
    for (name, event, id) in [
        ("mention", mention, "T1:C1:1.1:3.0"),
        ("first edit", changed(&now, message("helo", Value::Null)), "T1:C1:1.1:3.0"),
        ("second edit", changed(&now, message("hello!", first)), "T1:C1:1.1:3.0"),
        ("a change that is no edit", changed(&now, without_file), "Ev1"),
    ] {
        let heard = received(&event).await.events.remove(0);
        let message = Message::Text("hello".to_owned());
        let expected = EventKind::MessageEdited { message_id: "1.1".to_owned(), message };
        assert_eq!((heard.kind, heard.id.as_deref()), (expected, Some(id)), "{name}");
        let place = (&*heard.target.room, heard.target.thread.as_deref(), &*heard.sender.id);
        assert_eq!(place, ("C1", Some("1.0"), "U1"), "{name}");
    }
}

#[tokio::test]
async fn a_mention_that_is_added_speaks_to_the_bot() {
    let slack = configured(json!({"bot_token": "x", "bot_user_id": "U0"}));
    for (text, expected) in [("<@U0> hello", true), ("hello", false)] {
        let now = json!({"user": "U1", "text": text, "ts": "1.1", "edited": {"ts": "3.0"}});
        let mut heard = received(&json!({
            "type": "message", "subtype": "message_changed", "channel": "C1", "message": now,
        }))
        .await
        .events
        .remove(0);
        slack.extend_event(&mut heard);
        assert_eq!(heard.extensions.get::<SlackEvent>().unwrap().is_addressed, expected, "{text}");
    }
}
