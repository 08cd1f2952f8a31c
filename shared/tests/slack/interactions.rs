//! Buttons, menus, shortcuts and modals.

use patchcord::chat::event::Payload;
use patchcord::chat::{Event, EventKind};
use patchcord::connectors::slack::{
    AssistantThread, BlockAction, FileShared, HomeOpened, Shortcut, SlackEvent, SlashCommand,
    ViewClosed, ViewSubmission,
};
use patchcord::ground::http::percent_encode;
use serde_json::json;

use crate::events::heard;

fn payload(event: &Event) -> (&str, Option<&str>) {
    match &event.kind {
        EventKind::Payload(Payload { data, title }) => (data, title.as_deref()),
        other => panic!("{other:?}"),
    }
}

async fn one(name: &str) -> Event {
    let mut events = heard("", &[name]).await;
    assert_eq!(events.len(), 1, "{name}");
    events.remove(0)
}

#[tokio::test]
async fn every_interaction_is_a_payload() {
    for (name, room, thread, sender, data, title) in [
        ("block_actions", "CBR2V3XEX", None, "UA8RXUSPL", "click_me_123", Some("View")),
        ("block_actions in a modal", "UA8RXUSPL", None, "UA8RXUSPL", "click_me_123", Some("View")),
        ("shortcut", "UXXXXXXXXX", None, "UXXXXXXXXX", "shortcut_create_task", None),
        ("message_action", "CBLPRTX3P", None, "UBLKAG9K4", "flagMessage", None),
        ("view_submission", "UXXXXXX", None, "UXXXXXX", "modal-with-inputs", None),
    ] {
        let event = one(name).await;
        assert_eq!(payload(&event), (data, title), "{name}");
        assert_eq!((event.target.room.as_str(), event.target.thread.as_deref()), (room, thread));
        assert_eq!(event.sender.id, sender, "{name}");
        assert!(event.sender.name.is_some(), "{name}");
    }
    let closed = one("view_closed").await;
    assert_eq!(closed.kind, EventKind::Unknown { name: "view_closed".to_owned() });
}

#[tokio::test]
async fn each_component_of_a_request_is_an_event() {
    let events = heard("", &["several block_actions"]).await;
    let payloads: Vec<_> = events.iter().map(payload).collect();
    assert_eq!(payloads, [("L", Some("Large")), ("ham,egg", None), ("bare", Some("Bare"))]);
    let action = |event: &Event| event.extensions.get::<BlockAction>().unwrap().action_id.clone();
    assert_eq!(events.iter().map(action).collect::<Vec<_>>(), ["size", "toppings", "bare"]);
    assert!(events.iter().all(|it| it.target.thread.as_deref() == Some("1548261230.000100")));
}

#[tokio::test]
async fn what_only_slack_has_is_there_by_its_type() {
    let event = one("block_actions").await;
    let slack = event.extensions.get::<SlackEvent>().unwrap();
    assert_eq!(slack.team, "T9TK3CUKW");
    assert_eq!(slack.message_ts.as_deref(), Some("1548261231.000200"));
    assert!(slack.trigger_id.as_deref().unwrap().starts_with("12321423423."));
    let url = slack.response_url.as_ref().unwrap().expose();
    assert!(url.starts_with("https://hooks.slack.com/actions/"));
    let action = event.extensions.get::<BlockAction>().unwrap();
    assert_eq!((action.block_id.as_str(), action.kind.as_str()), ("=qXel", "button"));
    assert_eq!(action.view_id, None);

    let event = one("block_actions in a modal").await;
    let action = event.extensions.get::<BlockAction>().unwrap();
    assert_eq!(action.view_id.as_deref(), Some("VNHU13V36"));

    let event = one("view_submission").await;
    let ViewSubmission(view) = event.extensions.get().unwrap();
    assert_eq!(view.callback_id, "modal-with-inputs");
    assert_eq!(view.private_metadata, "shhh-its-secret");
    assert_eq!(view.value("multi-line", "ml-value").unwrap(), "This is my example inputted value");
    assert_eq!(view.value("multi-line", "other"), None);
    let event = one("view_closed").await;
    assert_eq!(event.extensions.get::<ViewClosed>().unwrap().0.id, "VNHU13V36");

    let event = one("message_action").await;
    let shortcut = event.extensions.get::<Shortcut>().unwrap();
    assert_eq!(shortcut.message.as_ref().unwrap()["text"], "hello");
    assert_eq!(one("shortcut").await.extensions.get::<Shortcut>().unwrap().message, None);

    let event = one("slash command with a text").await;
    let command = event.extensions.get::<SlashCommand>().unwrap();
    assert_eq!((command.command.as_str(), command.text.as_str()), ("/weather", "94070"));
    assert_eq!(event.sender.name.as_deref(), Some("Steve"));

    let event = one("message_deleted").await;
    let slack = event.extensions.get::<SlackEvent>().unwrap();
    assert_eq!(slack.message_ts.as_deref(), Some("1358878749.000002"), "of what was deleted");
    let event = one("app_home_opened").await;
    assert_eq!(event.extensions.get(), Some(&HomeOpened { tab: "home".to_owned() }));
    let event = one("file_shared").await;
    assert_eq!(event.extensions.get(), Some(&FileShared { file: "F2147483862".to_owned() }));
    for (name, is_new, channel) in [
        ("assistant_thread_started", true, "C123ABC456"),
        ("assistant_thread_context_changed", false, "C999"),
    ] {
        let thread = AssistantThread { is_new, channel: Some(channel.to_owned()) };
        assert_eq!(one(name).await.extensions.get(), Some(&thread));
    }
}

#[tokio::test]
async fn a_bot_knows_when_somebody_speaks_to_it() {
    for (name, expected) in [
        ("app_mention", true),
        ("the same as message", true),
        ("message.im", true),
        ("message", false),
        ("message in a thread", false),
        ("slash command", false),
    ] {
        let event = one(name).await;
        assert_eq!(event.extensions.get::<SlackEvent>().unwrap().is_addressed, expected, "{name}");
    }
}

/// A queue keeps no extensions: the worker makes them of what it does keep.
#[tokio::test]
async fn extensions_are_made_of_what_waits_in_a_queue() {
    use patchcord::chat::Connector as _;
    let event = heard("", &["several block_actions"]).await.remove(0);
    let mut waited: Event = serde_json::from_value(json!(event)).unwrap();
    assert!(waited.extensions.is_empty());
    crate::signatures::connector("https://slack.com").extend_event(&mut waited);
    assert_eq!(waited.extensions.get::<BlockAction>().unwrap().action_id, "size");
}

/// Nothing that is clicked in the home tab names a channel.
#[tokio::test]
async fn the_home_tab_is_one_conversation_of_the_user() {
    use patchcord::chat::Connector as _;
    let opened = |tab: &str| {
        json!({"type": "event_callback", "team_id": "T1", "event": {
            "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": tab,
        }})
    };
    let clicked = json!({
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"},
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "team_id": "T1", "type": "home", "app_installed_team_id": "T1"},
        "actions": [{"type": "button", "action_id": "bare"}],
    });
    let clicked = format!("payload={}", percent_encode(&clicked.to_string()));
    let slack = crate::signatures::connector("https://slack.com");
    for (name, body, expected) in [
        ("opened", opened("home").to_string(), "T1:U1"),
        ("clicked", clicked, "T1:U1"),
        ("messages opened", opened("messages").to_string(), "T1:D1"),
    ] {
        let request = http::Request::post("/").body(body.into()).unwrap();
        let event = slack.map_request(&request).await.unwrap().events.remove(0);
        assert_eq!(slack.session_key(&event).as_deref(), Some(expected), "{name}");
    }
}
