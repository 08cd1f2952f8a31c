//! Replies and the calls that they become.

use serde_json::{Value, json};

use super::replies::{Call, Plan, message_id, plan};
use crate::chat::event::Target;
use crate::chat::reply::{Button, Card, Media, Reply};

fn thread() -> Target {
    Target { room: "C1".to_owned(), thread: Some("1.1".to_owned()) }
}

fn call(reply: &Reply, target: &Target) -> (&'static str, Value) {
    match plan(reply, target).unwrap() {
        Plan::Call(Call { method, arguments }) => (method, arguments),
        other => panic!("{reply:?}: {other:?}"),
    }
}

fn edit(message_id: &str, buttons: Vec<Button>) -> Reply {
    Reply::Edit { message_id: message_id.to_owned(), text: "a & b".to_owned(), buttons }
}

fn reaction(emoji: &str, removed: bool) -> Reply {
    Reply::Reaction { message_id: "2.2".to_owned(), emoji: emoji.to_owned(), removed }
}

fn with_caption(media: Media) -> Media {
    Media { caption: Some("A <cat>".to_owned()), name: Some("cat".to_owned()), ..media }
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

fn button(index: usize, title: &str) -> Value {
    json!({
        "type": "button", "action_id": format!("patchcord-button-{index}"), "value": "Y",
        "text": {"type": "plain_text", "text": title, "emoji": true},
    })
}

#[test]
fn each_reply_is_a_call() {
    let link = json!({
        "type": "button", "action_id": "patchcord-link-1", "url": "https://e.com",
        "text": {"type": "plain_text", "text": "Site", "emoji": true},
    });
    let buttons = vec![Button::payload("Yes", "Y"), Button::url("Site", "https://e.com")];
    let actions = json!({"type": "actions", "elements": [button(0, "Yes"), link]});
    let card = Card {
        title: "Cat".to_owned(),
        subtitle: Some("1 > 0".to_owned()),
        image_url: Some("https://e.com/c.png".to_owned()),
        buttons: vec![Button::payload("Take", "Y")],
    };
    let mut beside = section("*Cat*\n1 &gt; 0");
    beside["accessory"] =
        json!({"type": "image", "image_url": "https://e.com/c.png", "alt_text": "Cat"});
    let cases = [
        (Reply::text("a & b"), "chat.postMessage", json!({"text": "a &amp; b"})),
        (
            Reply::Buttons { text: "Sure?".to_owned(), buttons: buttons.clone() },
            "chat.postMessage",
            json!({"text": "Sure?", "blocks": [section("Sure?"), actions]}),
        ),
        (
            Reply::Cards { cards: vec![card.clone(), card] },
            "chat.postMessage",
            json!({"text": "Cat\nCat", "blocks": [
                beside, {"type": "actions", "elements": [button(0, "Take")]},
                beside, {"type": "actions", "elements": [button(1, "Take")]},
            ]}),
        ),
        (
            Reply::Image(with_caption(Media::url("https://e.com/c.png"))),
            "chat.postMessage",
            json!({"text": "A &lt;cat&gt;", "blocks": [
                {"type": "image", "image_url": "https://e.com/c.png", "alt_text": "A <cat>"},
                section("A &lt;cat&gt;"),
            ]}),
        ),
        (
            Reply::Image(Media::id("F1")),
            "chat.postMessage",
            json!({"text": "image", "blocks": [
                {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "image"},
            ]}),
        ),
        (
            Reply::Video(with_caption(Media::url("https://e.com/c?a=1&b=2|3"))),
            "chat.postMessage",
            json!({"text": "A &lt;cat&gt;\n<https://e.com/c?a=1&amp;b=2%7C3|cat>"}),
        ),
        (
            Reply::File(Media::url("https://e.com/f")),
            "chat.postMessage",
            json!({"text": "<https://e.com/f>"}),
        ),
        (
            Reply::Custom { json: json!({"text": "<!here>", "thread_ts": "3.3"}) },
            "chat.postMessage",
            json!({"text": "<!here>", "thread_ts": "3.3"}),
        ),
    ];
    for (reply, method, mut expected) in cases {
        expected["channel"] = json!("C1");
        assert_eq!(call(&reply, &Target::room("C1")), (method, expected.clone()), "{reply:?}");
        if expected.get("thread_ts").is_none() {
            expected["thread_ts"] = json!("1.1");
        }
        assert_eq!(call(&reply, &thread()), (method, expected), "{reply:?}");
    }
}

#[test]
fn a_message_is_changed_where_it_is() {
    let cases = [
        (reaction(":eyes:", false), "reactions.add", json!({"timestamp": "2.2", "name": "eyes"})),
        (reaction("👍", true), "reactions.remove", json!({"timestamp": "2.2", "name": "+1"})),
        (
            edit("2.2", Vec::new()),
            "chat.update",
            json!({"ts": "2.2", "text": "a &amp; b", "blocks": []}),
        ),
        (
            edit("2.2", vec![Button::payload("Yes", "Y")]),
            "chat.update",
            json!({"ts": "2.2", "text": "a &amp; b", "blocks": [
                section("a &amp; b"), {"type": "actions", "elements": [button(0, "Yes")]},
            ]}),
        ),
        (Reply::Delete { message_id: "2.2".to_owned() }, "chat.delete", json!({"ts": "2.2"})),
    ];
    for (reply, method, mut expected) in cases {
        expected["channel"] = json!("C1");
        assert_eq!(call(&reply, &thread()), (method, expected), "{reply:?}");
    }
    // Direct messages that were begun with a user's id are in a channel of their own.
    let id = message_id("2.2", Some("D7"), "U7");
    let (_, arguments) = call(&edit(&id, Vec::new()), &Target::room("U7"));
    assert_eq!((&arguments["channel"], &arguments["ts"]), (&json!("D7"), &json!("2.2")));
    assert_eq!(message_id("2.2", Some("C1"), "C1"), "2.2");
}

#[test]
fn the_indicator_is_in_threads_only() {
    for (on, status) in [(true, "is typing…"), (false, "")] {
        let expected = json!({"channel_id": "C1", "thread_ts": "1.1", "status": status});
        let typing = Reply::Typing { on };
        assert_eq!(call(&typing, &thread()), ("assistant.threads.setStatus", expected));
        assert_eq!(plan(&typing, &Target::room("C1")).unwrap(), Plan::Nothing);
    }
}

#[test]
fn files_are_brought_to_the_room_and_thread() {
    let file = Reply::File(with_caption(Media::data("cat.txt", "text/plain", "meow")));
    for (target, expected) in [
        (
            thread(),
            json!({"channel_id": "C1", "thread_ts": "1.1", "initial_comment": "A &lt;cat&gt;"}),
        ),
        (Target::room("U7"), json!({"channels": "U7", "initial_comment": "A &lt;cat&gt;"})),
    ] {
        let Plan::Upload { bytes, name, share } = plan(&file, &target).unwrap() else { panic!() };
        assert_eq!((&bytes[..], name, Value::from(share)), (&b"meow"[..], "cat", expected));
    }
    let image = Reply::Image(Media::data("", "image/png", "png"));
    let Plan::Upload { name, .. } = plan(&image, &thread()).unwrap() else { panic!() };
    assert_eq!(name, "file");
    let known = Reply::Audio(Media::id("F1"));
    assert!(matches!(plan(&known, &thread()).unwrap(), Plan::Share { file: "F1", .. }));
}

#[test]
fn what_slack_cannot_read_is_not_sent() {
    let text = Reply::Custom { json: json!("text") };
    let error = plan(&text, &Target::room("C1")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the platform refuses it: expected an object: arguments of chat.postMessage"
    );
}
