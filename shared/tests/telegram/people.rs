//! Who comes, goes and reacts.

use patchcord::chat::event::Sender;
use patchcord::chat::{Event, EventKind};
use serde_json::{Value, json};

use super::fake::BOT;
use super::harness::{heard, heard_with};
use super::updates::{in_group, unknown};

fn ada() -> Sender {
    Sender { id: "77".to_owned(), name: Some("Ada".to_owned()) }
}

pub fn person(id: i64, name: &str) -> Value {
    json!({ "id": id, "first_name": name, "is_bot": id == BOT })
}

fn change(update: &str, id: i64, old: &str, new: &str) -> Value {
    let member = |status: &str| json!({ "user": person(id, "Ada"), "status": status });
    let mut body = json!({ "update_id": 6 });
    body[update] = json!({
        "chat": { "id": -1_005, "type": "supergroup", "title": "Lab" }, "date": 1_700_000_000,
        "from": person(77, "Ada"), "old_chat_member": member(old), "new_chat_member": member(new),
    });
    body
}

/// The kinds of the events that an update becomes.
pub async fn kinds(more: &str, update: &Value) -> Vec<EventKind> {
    heard_with(more, update).await.0.into_iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn joins_and_leaves_come_by_one_way_only() {
    let both = ", allowed_updates: [message, chat_member, my_chat_member]";
    let joined = EventKind::MemberJoined { member: ada() };
    let left = EventKind::MemberLeft { member: ada() };
    let members = [person(77, "Ada"), person(BOT, "Ours"), person(78, "Bob")];
    let message = in_group(&json!({ "new_chat_members": members }));
    let bob = Sender { id: "78".to_owned(), name: Some("Bob".to_owned()) };
    let all = vec![joined.clone(), EventKind::MemberJoined { member: bob }];
    assert_eq!(kinds("", &message).await, all, "the bot's own has an update of its own");
    assert_eq!(kinds(both, &message).await, []);
    let gone = in_group(&json!({ "left_chat_member": person(77, "Ada") }));
    assert_eq!(kinds("", &gone).await, std::slice::from_ref(&left));
    assert_eq!(kinds(both, &gone).await, []);
    for (old, new, expected) in [
        ("left", "member", &joined),
        ("kicked", "administrator", &joined),
        ("member", "left", &left),
        ("creator", "kicked", &left),
        ("member", "administrator", &unknown("chat_member")),
        ("left", "kicked", &unknown("chat_member")),
    ] {
        let update = change("chat_member", 77, old, new);
        assert_eq!(kinds(both, &update).await, std::slice::from_ref(expected), "{old} {new}");
    }
    let mut restricted = change("chat_member", 77, "left", "restricted");
    assert_eq!(kinds(both, &restricted).await, [unknown("chat_member")]);
    restricted["chat_member"]["new_chat_member"]["is_member"] = json!(true);
    assert_eq!(kinds(both, &restricted).await, [joined]);
    assert_eq!(kinds(both, &change("chat_member", BOT, "left", "member")).await, []);
}

#[tokio::test]
async fn a_bot_that_is_added_or_blocked_is_told() {
    let bot = Sender { id: BOT.to_string(), name: Some("Ada".to_owned()) };
    let added = change("my_chat_member", BOT, "left", "member");
    assert_eq!(kinds("", &added).await, [EventKind::MemberJoined { member: bot.clone() }]);
    let blocked = change("my_chat_member", BOT, "member", "kicked");
    assert_eq!(kinds("", &blocked).await, [EventKind::MemberLeft { member: bot }]);
}

#[tokio::test]
async fn reactions_are_what_has_changed() {
    let emoji = |emoji: &str| json!({ "type": "emoji", "emoji": emoji });
    let custom = json!({ "type": "custom_emoji", "custom_emoji_id": "5368" });
    let update = json!({ "update_id": 9, "message_reaction": {
        "chat": { "id": -1_005, "type": "supergroup" }, "message_id": 42,
        "user": person(77, "Ada"), "date": 1_700_000_000,
        "old_reaction": [emoji("👍"), emoji("🔥")],
        "new_reaction": [emoji("🔥"), custom, { "type": "paid" }],
    } });
    let events = heard(&update).await;
    let reaction = |event: &Event| match &event.kind {
        EventKind::Reaction { message_id, emoji, removed } => {
            (message_id.clone(), emoji.clone(), *removed, event.id.clone().unwrap())
        }
        other => panic!("{other:?}"),
    };
    let expected = [("👍", true, "9"), ("5368", false, "9#2"), ("paid", false, "9#3")];
    let expected = expected
        .map(|(emoji, removed, id)| ("42".to_owned(), emoji.to_owned(), removed, id.to_owned()));
    assert_eq!(events.iter().map(reaction).collect::<Vec<_>>(), expected);
    let mut by_chat = update.clone();
    by_chat["message_reaction"]["user"] = Value::Null;
    by_chat["message_reaction"]["actor_chat"] = json!({ "id": -1_009, "title": "News" });
    assert_eq!(heard(&by_chat).await[0].sender.id, "-1009");
}
