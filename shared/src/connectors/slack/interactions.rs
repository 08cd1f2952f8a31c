//! Buttons, menus, shortcuts, modals and slash commands as events
//! (<https://docs.slack.dev/reference/interaction-payloads>).

use serde_json::Value;

use super::blocks::LINK;
use super::events::{Conversation, Rules, Skip, event, only_slack};
use super::wire::{first_text_at, text_at};
use crate::chat::event::{Event, EventKind, Message, Payload};

/// The events of an interaction: one for each component that was used.
pub(super) fn interaction(raw: &Value, rules: &Rules) -> Result<Vec<Event>, Skip> {
    let user = text_at(raw, "/user/id").ok_or(Skip::Malformed)?;
    let conversation = conversation(raw, user, rules);
    let name = text_at(raw, "/type").ok_or(Skip::Malformed)?;
    let id = text_at(raw, "/trigger_id").map(str::to_owned);
    let one = |kind, id| {
        let mut event = event(raw, kind, user, &conversation);
        event.sender.name =
            first_text_at(raw, &["/user/username", "/user/name"]).map(str::to_owned);
        event.id = id;
        event
    };
    let chosen = |data: &str| EventKind::Payload(Payload { data: data.to_owned(), title: None });
    let callback = || text_at(raw, "/callback_id").ok_or(Skip::Malformed);
    Ok(vec![match name {
        "block_actions" => return actions(raw, one, id.as_deref()),
        "shortcut" | "message_action" => one(chosen(callback()?), id),
        "view_submission" => one(chosen(text_at(raw, "/view/callback_id").unwrap_or_default()), id),
        // It comes without a trigger, and a view is closed once.
        "view_closed" => {
            let id = text_at(raw, "/view/id").ok_or(Skip::Malformed)?;
            one(only_slack(name), Some(format!("closed:{id}")))
        }
        _ => return Err(Skip::Ignored),
    }])
}

fn actions(
    raw: &Value,
    one: impl Fn(EventKind, Option<String>) -> Event,
    id: Option<&str>,
) -> Result<Vec<Event>, Skip> {
    let actions = raw.get("actions").and_then(Value::as_array).ok_or(Skip::Malformed)?;
    let events = actions.iter().filter_map(|action| {
        let action_id = text_at(action, "/action_id").unwrap_or_default();
        // Slack tells of a click on a link, too; the page has opened by then.
        if action_id.starts_with(LINK) {
            return None;
        }
        let data = value(action).unwrap_or_else(|| action_id.to_owned());
        let title = first_text_at(action, &["/text/text", "/selected_option/text/text"]);
        let payload = Payload { data, title: title.map(str::to_owned) };
        let mut event = one(EventKind::Payload(payload), id.map(str::to_owned));
        event.raw["actions"] = Value::Array(vec![action.clone()]);
        Some(event)
    });
    let events: Vec<_> = events.collect();
    if events.is_empty() { Err(Skip::Ignored) } else { Ok(events) }
}

/// A slash command, as the text that somebody typed
/// (<https://docs.slack.dev/interactivity/implementing-slash-commands>).
pub(super) fn command(raw: &Value, rules: &Rules) -> Result<Vec<Event>, Skip> {
    let need = |pointer| text_at(raw, pointer).ok_or(Skip::Malformed);
    let typed = match text_at(raw, "/text") {
        Some(text) => format!("{} {text}", need("/command")?),
        None => need("/command")?.to_owned(),
    };
    let conversation = rules.conversation(need("/channel_id")?, None, None);
    let kind = EventKind::Message(Message::Text(typed));
    let mut event = event(raw, kind, need("/user_id")?, &conversation);
    event.sender.name = text_at(raw, "/user_name").map(str::to_owned);
    event.id = text_at(raw, "/trigger_id").map(str::to_owned);
    Ok(vec![event])
}

/// The conversation with the message; the user where there is none, as in a modal. Slack takes a
/// user for the direct messages with them.
fn conversation<'a>(raw: &'a Value, user: &'a str, rules: &Rules) -> Conversation<'a> {
    let room = first_text_at(raw, &["/channel/id", "/container/channel_id"]);
    let Some(room) = room else { return Conversation { room: user, thread: None } };
    let thread = first_text_at(raw, &["/message/thread_ts", "/container/thread_ts"]);
    // Nobody can answer in a thread to what one person alone sees.
    let is_shown_to_all = raw.pointer("/container/is_ephemeral") != Some(&Value::Bool(true));
    let ts = first_text_at(raw, &["/message/ts", "/container/message_ts"]);
    rules.conversation(room, thread, ts.filter(|_| is_shown_to_all))
}

/// What somebody chose, typed or uploaded in a component: its value, or those of several options
/// separated by commas (<https://docs.slack.dev/reference/block-kit/block-elements>).
pub(super) fn value(component: &Value) -> Option<String> {
    const ONE: [&str; 7] = [
        "/value",
        "/selected_option/value",
        "/selected_user",
        "/selected_conversation",
        "/selected_channel",
        "/selected_date",
        "/selected_time",
    ];
    const MANY: [&str; 5] = [
        "/selected_options",
        "/selected_users",
        "/selected_conversations",
        "/selected_channels",
        // Of `file_input` (<https://github.com/slackapi/bolt-js/pull/1995>).
        "/files",
    ];
    if let Some(one) = first_text_at(component, &ONE) {
        return Some(one.to_owned());
    }
    if let Some(seconds) = component.get("selected_date_time").and_then(Value::as_u64) {
        return Some(seconds.to_string());
    }
    let many = MANY.iter().find_map(|pointer| component.pointer(pointer)?.as_array())?;
    let values =
        many.iter().filter_map(|it| it.as_str().or_else(|| first_text_at(it, &["/value", "/id"])));
    Some(values.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_chosen_is_found_in_every_component() {
        for (component, expected) in [
            (json!({"type": "plain_text_input", "value": "hi"}), Some("hi")),
            (json!({"type": "radio_buttons", "selected_option": {"value": "L"}}), Some("L")),
            (json!({"type": "users_select", "selected_user": "U1"}), Some("U1")),
            (json!({"type": "conversations_select", "selected_conversation": "D1"}), Some("D1")),
            (json!({"type": "channels_select", "selected_channel": "C1"}), Some("C1")),
            (json!({"type": "datepicker", "selected_date": "2026-11-21"}), Some("2026-11-21")),
            (json!({"type": "timepicker", "selected_time": "22:37"}), Some("22:37")),
            (
                json!({"type": "datetimepicker", "selected_date_time": 1_628_633_820}),
                Some("1628633820"),
            ),
            (json!({"selected_options": [{"value": "a"}, {"value": "b"}]}), Some("a,b")),
            (json!({"selected_users": ["U1", "U2"]}), Some("U1,U2")),
            (json!({"selected_conversations": ["D1", "C1"]}), Some("D1,C1")),
            (json!({"selected_channels": ["C1"]}), Some("C1")),
            (json!({"type": "checkboxes", "selected_options": []}), Some("")),
            (json!({"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]}), Some("F1,F2")),
            (json!({"type": "button"}), None),
        ] {
            assert_eq!(value(&component).as_deref(), expected, "{component}");
        }
    }
}
