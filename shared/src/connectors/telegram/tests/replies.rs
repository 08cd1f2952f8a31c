//! Words, buttons, cards, reactions, changes, and what is said as any method.

use serde_json::{Value, json};

use super::shown::{buttons, calls, group, keyboard};
use crate::chat::{Button, Card, Reply, SendError, Target};
use crate::connectors::telegram::calls::Call;
use crate::connectors::telegram::replies;

#[test]
fn each_reply_has_its_method() {
    let text = || "Sure?".to_owned();
    let id = || "12".to_owned();
    let suggestions = vec![Button::payload("Red", "Red"), Button::payload("Blue", "Blue")];
    let keys = json!({
        "keyboard": [[{ "text": "Red" }], [{ "text": "Blue" }]],
        "one_time_keyboard": true, "resize_keyboard": true,
    });
    let reacted = |emoji: &str, removed| Reply::Reaction {
        message_id: id(),
        emoji: emoji.to_owned(),
        removed,
    };
    let edit = |message_id: &str, buttons| Reply::Edit {
        message_id: message_id.to_owned(),
        text: text(),
        buttons,
    };
    for (reply, expected) in [
        (Reply::text("hi"), json!([["sendMessage", { "text": "hi" }]])),
        (
            Reply::Buttons { text: text(), buttons: buttons() },
            json!([["sendMessage", { "text": "Sure?", "reply_markup": keyboard() }]]),
        ),
        (
            Reply::Buttons { text: text(), buttons: Vec::new() },
            json!([["sendMessage", { "text": "Sure?" }]]),
        ),
        (
            Reply::QuickReplies { text: text(), buttons: suggestions },
            json!([["sendMessage", { "text": "Sure?", "reply_markup": keys }]]),
        ),
        (
            Reply::QuickReplies { text: text(), buttons: buttons() },
            json!([["sendMessage", { "text": "Sure?", "reply_markup": keyboard() }]]),
        ),
        (Reply::Typing { on: true }, json!([["sendChatAction", { "action": "typing" }]])),
        (Reply::Typing { on: false }, json!([])),
        (
            reacted("👍", false),
            json!([["setMessageReaction",
                { "message_id": 12, "reaction": [{ "type": "emoji", "emoji": "👍" }] }]]),
        ),
        (
            reacted("❤\u{fe0f}\u{200d}🔥", false),
            json!([["setMessageReaction",
                { "message_id": 12, "reaction": [{ "type": "emoji", "emoji": "❤\u{200d}🔥" }] }]]),
        ),
        (
            reacted("5368324170671202286", false),
            json!([["setMessageReaction", { "message_id": 12, "reaction": [
                { "type": "custom_emoji", "custom_emoji_id": "5368324170671202286" },
            ] }]]),
        ),
        (
            reacted("👍", true),
            json!([["setMessageReaction", { "message_id": 12, "reaction": [] }]]),
        ),
        (
            edit("12", buttons()),
            json!([["editMessageText",
                { "message_id": 12, "text": "Sure?", "reply_markup": keyboard() }]]),
        ),
        (
            edit("1234csdbsk4839", Vec::new()),
            json!([["editMessageText",
                { "inline_message_id": "1234csdbsk4839", "text": "Sure?" }]]),
        ),
        (Reply::Delete { message_id: id() }, json!([["deleteMessage", { "message_id": 12 }]])),
        (
            Reply::Custom { json: json!({ "method": "sendDice", "emoji": "🎲" }) },
            json!([["sendDice", { "emoji": "🎲" }]]),
        ),
    ] {
        assert_eq!(json!(calls(&reply)), expected, "{reply:?}");
    }
}

#[test]
fn suggestions_are_below_the_message_where_there_is_no_keyboard() {
    let otherwise = |title: &str| {
        let buttons = vec![Button::payload(title, title)];
        let reply = Reply::QuickReplies { text: "Sure?".to_owned(), buttons };
        let call = replies::calls(&group(), &reply).unwrap().remove(0);
        call.otherwise.map(|it| it.params["reply_markup"].clone())
    };
    let below = json!({ "inline_keyboard": [[{ "text": "Red", "callback_data": "Red" }]] });
    assert_eq!(otherwise("Red"), Some(below));
    assert_eq!(otherwise(&"x".repeat(65)), None, "that is more than a button carries");
}

#[test]
fn cards_are_pictures_with_words_and_buttons() {
    let card = Card {
        title: "Cat".to_owned(),
        subtitle: Some("grey".to_owned()),
        image_url: Some("https://e.com/c".to_owned()),
        buttons: buttons(),
    };
    let plain = Card { title: "Dog".to_owned(), ..Card::default() };
    let long = Card { title: "x".repeat(1025), ..card.clone() };
    let words = format!("{}\ngrey", "x".repeat(1025));
    let cards = Reply::Cards { cards: vec![card, plain, long] };
    let expected = [
        json!(["sendPhoto",
            { "photo": "https://e.com/c", "caption": "Cat\ngrey", "reply_markup": keyboard() }]),
        json!(["sendMessage", { "text": "Dog" }]),
        json!(["sendPhoto", { "photo": "https://e.com/c" }]),
        json!(["sendMessage", { "text": words, "reply_markup": keyboard() }]),
    ];
    assert_eq!(calls(&cards), expected);
}

#[test]
fn what_telegram_would_refuse_for_certain_is_not_sent() {
    let custom = |json: Value| Reply::Custom { json };
    let long = "x".repeat(65);
    let button = |payload: &str| Reply::Buttons {
        text: "?".to_owned(),
        buttons: vec![Button::payload("a", payload)],
    };
    let nowhere = Target::default();
    let odd = Target { room: "1".to_owned(), thread: Some("news".to_owned()) };
    for (target, reply, expected) in [
        (group(), button(&long), "a button's payload has 65 bytes, and 1 to 64 are taken"),
        (group(), button(""), "a button's payload has 0 bytes, and 1 to 64 are taken"),
        (group(), custom(json!("text")), "expected {\"method\": \"sendDice\", …}"),
        (group(), custom(json!({ "emoji": "🎲" })), "expected {\"method\": \"sendDice\", …}"),
        (nowhere, Reply::text("hi"), "there is no chat to send it to"),
        (odd, Reply::text("hi"), "a topic's id is a number"),
    ] {
        match replies::calls(&target, &reply) {
            Err(SendError::Refused { reason }) => {
                assert!(reason.starts_with(expected), "{reply:?}: {reason}");
            }
            other => panic!("{reply:?}: {other:?}"),
        }
    }
    assert!(replies::calls(&group(), &button(&"x".repeat(64))).is_ok());
}

#[test]
fn a_custom_reply_goes_where_it_says_or_where_the_event_came_from() {
    let call = |json: Value| replies::calls(&group(), &Reply::Custom { json }).unwrap().remove(0);
    let place =
        |call: Call| json!([call.params.get("chat_id"), call.params.get("message_thread_id")]);
    for (json, expected) in [
        (json!({ "method": "sendPoll" }), json!([-1_001_234, 7])),
        (json!({ "method": "sendPoll", "chat_id": "@news" }), json!(["@news", null])),
        (json!({ "method": "copyMessage" }), json!([-1_001_234, 7])),
        (json!({ "method": "copyMessages" }), json!([-1_001_234, 7])),
        (json!({ "method": "forwardMessage" }), json!([-1_001_234, 7])),
        (json!({ "method": "forwardMessages" }), json!([-1_001_234, 7])),
        (json!({ "method": "getChat" }), json!([-1_001_234, null])),
        (json!({ "method": "editMessageText", "inline_message_id": "x" }), json!([null, null])),
    ] {
        assert_eq!(place(call(json.clone())), expected, "{json}");
    }
    let direct = Target { thread: Some("dm:9".to_owned()), ..group() };
    for reply in [Reply::text("hi"), Reply::Custom { json: json!({ "method": "sendDice" }) }] {
        let call = replies::calls(&direct, &reply).unwrap().remove(0);
        let topics = ["direct_messages_topic_id", "message_thread_id"];
        assert_eq!(topics.map(|it| call.params.get(it)), [Some(&json!(9)), None], "{reply:?}");
    }
    let channel = Target::room("@news");
    let call = replies::calls(&channel, &Reply::text("hi")).unwrap().remove(0);
    assert_eq!(call.params["chat_id"], "@news");
}
