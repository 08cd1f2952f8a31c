//! Telegram's own examples of updates, word for word
//! (<https://core.telegram.org/bots/webhooks#testing-your-bot-with-updates>), and the events that
//! they become.

use patchcord::chat::event::Payload;
use patchcord::chat::{EventKind, Media, Message, Target};
use patchcord::ground::clock::Timestamp;
use serde_json::{Value, json};

use super::harness::heard;

/// The person in all of the examples.
fn person() -> Value {
    json!({
        "last_name": "Test Lastname", "id": 1111111, "first_name": "Test Firstname",
        "username": "Testusername"
    })
}

/// An example of a message, with what it says.
fn message(content: &Value) -> Value {
    let mut message = json!({
        "date": 1441645532,
        "chat": {
            "last_name": "Test Lastname", "id": 1111111, "type": "private",
            "first_name": "Test Firstname", "username": "Testusername"
        },
        "message_id": 1365,
        "from": person(),
    });
    for (name, value) in content.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

fn text(text: &str) -> EventKind {
    EventKind::Message(Message::Text(text.to_owned()))
}

fn file(id: &str, mime_type: &str, name: Option<&str>) -> Media {
    let (mime_type, name) = (Some(mime_type.to_owned()), name.map(str::to_owned));
    Media { mime_type, name, ..Media::id(id) }
}

#[tokio::test]
async fn each_example_is_an_event() {
    let update = |name: &str, content: Value| {
        let mut update = json!({ "update_id": 10000 });
        update[name] = content;
        update
    };
    let said = |content: Value| update("message", message(&content));
    let id = "AwADBAADbXXXXXXXXXXXGBdhD2l6_XX";
    let unknown = |name: &str| EventKind::Unknown { name: name.to_owned() };
    for (name, update, expected) in [
        ("Message with text", said(json!({ "text": "/start" })), text("/start")),
        (
            "Message with text using curl, whose chat has no type",
            update(
                "message",
                json!({
                    "date": 1441645532,
                    "chat": {
                        "last_name": "Test Lastname", "id": 1111111, "first_name": "Test",
                        "username": "Test"
                    },
                    "message_id": 1365,
                    "from": {
                        "last_name": "Test Lastname", "id": 1111111, "first_name": "Test Firstname",
                        "username": "Test"
                    },
                    "text": "/start"
                }),
            ),
            text("/start"),
        ),
        (
            "Forwarded message",
            said(json!({
                "forward_from": {
                    "last_name": "Forward Lastname", "id": 222222,
                    "first_name": "Forward Firstname"
                },
                "forward_date": 1441645550,
                "text": "/start"
            })),
            text("/start"),
        ),
        (
            "Message with a reply",
            said(json!({
                "text": "/start",
                "reply_to_message": {
                    "date": 1441645000,
                    "chat": {
                        "last_name": "Reply Lastname", "type": "private", "id": 1111112,
                        "first_name": "Reply Firstname", "username": "Testusername"
                    },
                    "message_id": 1334,
                    "text": "Original"
                }
            })),
            EventKind::Reply { to: "1334".to_owned(), message: Message::Text("/start".to_owned()) },
        ),
        (
            "Edited message",
            update(
                "edited_message",
                message(&json!({
                    "text": "Edited text", "edit_date": 1441646600
                })),
            ),
            EventKind::MessageEdited {
                message_id: "1365".to_owned(),
                message: Message::Text("Edited text".to_owned()),
            },
        ),
        (
            "Message with entities",
            said(json!({
                "text": "Bold and italics",
                "entities": [
                    { "type": "italic", "offset": 9, "length": 7 },
                    { "type": "bold", "offset": 0, "length": 4 }
                ]
            })),
            text("Bold and italics"),
        ),
        (
            "Message with audio",
            said(json!({ "audio": {
                "file_id": id, "duration": 243, "mime_type": "audio/mpeg", "file_size": 3897500,
                "title": "Test music file"
            } })),
            EventKind::Message(Message::Audio(file(id, "audio/mpeg", None))),
        ),
        (
            "Voice message",
            said(json!({ "voice": {
                "file_id": id, "duration": 5, "mime_type": "audio/ogg", "file_size": 23000
            } })),
            EventKind::Message(Message::Audio(file(&format!("voice:{id}"), "audio/ogg", None))),
        ),
        (
            "Message with a document",
            said(json!({ "document": {
                "file_id": id, "file_name": "Testfile.pdf", "mime_type": "application/pdf",
                "file_size": 536392
            } })),
            EventKind::Message(Message::File(file(id, "application/pdf", Some("Testfile.pdf")))),
        ),
        (
            "Inline query",
            update(
                "inline_query",
                json!({
                    "id": 134567890097_i64, "from": person(), "query": "inline query", "offset": ""
                }),
            ),
            unknown("inline_query"),
        ),
        (
            "Chosen inline query",
            update(
                "chosen_inline_result",
                json!({
                    "result_id": "12", "from": person(), "query": "inline query",
                    "inline_message_id": "1234csdbsk4839"
                }),
            ),
            unknown("chosen_inline_result"),
        ),
        (
            "Callback query",
            update(
                "callback_query",
                json!({
                    "id": "4382bfdwdsb323b2d9", "from": person(), "data": "Data from button callback",
                    "inline_message_id": "1234csdbsk4839"
                }),
            ),
            EventKind::Payload(Payload {
                data: "Data from button callback".to_owned(),
                title: None,
            }),
        ),
    ] {
        let events = heard(&update).await;
        assert_eq!(events.len(), 1, "{name}");
        let event = &events[0];
        assert_eq!(event.kind, expected, "{name}");
        let place = (event.id.as_deref(), &*event.sender.id, event.sender.name.as_deref());
        assert_eq!(
            place,
            (Some("10000"), "1111111", Some("Test Firstname Test Lastname")),
            "{name}"
        );
        assert_eq!(event.target, Target::room("1111111"), "{name}");
        assert_eq!((&*event.platform, &event.raw), ("telegram", &update), "{name}");
    }
}

#[tokio::test]
async fn an_event_happened_when_telegram_says() {
    let message = message(&json!({ "text": "hi", "edit_date": 1441646600 }));
    for (kind, expected) in [("message", 1_441_645_532), ("edited_message", 1_441_646_600)] {
        let mut update = json!({ "update_id": 1 });
        update[kind] = message.clone();
        let expected = Timestamp::from_millis(expected * 1000);
        assert_eq!(heard(&update).await[0].timestamp, expected, "{kind}");
    }
}
