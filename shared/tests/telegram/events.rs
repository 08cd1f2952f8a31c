//! Telegram's own examples of updates, in `samples.json` as they are at
//! <https://core.telegram.org/bots/webhooks#testing-your-bot-with-updates>, and the events that they
//! become.

use patchcord::chat::event::Payload;
use patchcord::chat::{EventKind, Media, Message, Target};
use patchcord::ground::clock::Timestamp;
use serde_json::Value;

use super::harness::heard;

fn sample(name: &str) -> Value {
    let samples: Value = serde_json::from_str(include_str!("samples.json")).unwrap();
    samples[name].clone()
}

fn words(text: &str) -> Message {
    Message::Text(text.to_owned())
}

fn file(prefix: &str, mime_type: &str, name: Option<&str>) -> Media {
    let (mime_type, name) = (Some(mime_type.to_owned()), name.map(str::to_owned));
    Media { mime_type, name, ..Media::id(format!("{prefix}AwADBAADbXXXXXXXXXXXGBdhD2l6_XX")) }
}

#[tokio::test]
async fn each_example_is_an_event() {
    use EventKind::{Message as Said, MessageEdited, Reply, Unknown};
    use Message::{Audio, File};
    let start = || Said(words("/start"));
    let voice = file("voice:", "audio/ogg", None);
    let document = file("", "application/pdf", Some("Testfile.pdf"));
    let edited = MessageEdited { message_id: "1365".to_owned(), message: words("Edited text") };
    let data = "Data from button callback".to_owned();
    let query = Unknown { name: "inline_query".to_owned() };
    let chosen = Unknown { name: "chosen_inline_result".to_owned() };
    for (name, expected) in [
        ("Message with text using curl", start()),
        ("Message with text", start()),
        ("Forwarded message", start()),
        ("Forwarded channel message", start()),
        ("Message with a reply", Reply { to: "1334".to_owned(), message: words("/start") }),
        ("Edited message", edited),
        ("Message with entities", Said(words("Bold and italics"))),
        ("Message with audio", Said(Audio(file("", "audio/mpeg", None)))),
        ("Voice message", Said(Audio(voice))),
        ("Message with a document", Said(File(document))),
        ("Inline query", query),
        ("Chosen inline query", chosen),
        ("Callback query", EventKind::Payload(Payload { data, title: None })),
    ] {
        let update = sample(name);
        let events = heard(&update).await;
        assert_eq!(events.len(), 1, "{name}");
        let event = &events[0];
        assert_eq!(event.kind, expected, "{name}");
        assert_eq!((event.id.as_deref(), &*event.sender.id), (Some("10000"), "1111111"), "{name}");
        let sender = event.sender.name.as_deref().unwrap();
        assert!(sender.starts_with("Test") && sender.ends_with(" Test Lastname"), "{name}");
        assert_eq!(event.target, Target::room("1111111"), "{name}");
        assert_eq!((&*event.platform, &event.raw), ("telegram", &update), "{name}");
    }
    let samples: Value = serde_json::from_str(include_str!("samples.json")).unwrap();
    assert_eq!(samples.as_object().unwrap().len(), 13, "each is in the table");
}

#[tokio::test]
async fn an_event_happened_when_telegram_says() {
    for (name, expected) in
        [("Message with text", 1_441_645_532), ("Edited message", 1_441_646_600)]
    {
        let expected = Timestamp::from_millis(expected * 1000);
        assert_eq!(heard(&sample(name)).await[0].timestamp, expected, "{name}");
    }
}
