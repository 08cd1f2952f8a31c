//! What a bot hears of the Events API.

use patchcord::chat::event::Sender;
use patchcord::chat::reply::Media;
use patchcord::chat::{Event, EventKind, Message};

use crate::asking::{Heard, function};
use crate::fake::Fake;
use crate::samples::request;

/// What the bot hears of the samples, with these settings.
pub async fn heard(settings: &str, names: &[&str]) -> Vec<Event> {
    let fake = Fake::start().await;
    let heard = Heard::default();
    let function = function(&fake, settings, heard.bot()).await;
    for name in names {
        let answer = function.handle(request(name)).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""), "{name}");
    }
    assert!(fake.calls().is_empty(), "hearing needs no call");
    heard.events()
}

fn text(text: &str) -> EventKind {
    EventKind::Message(Message::Text(text.to_owned()))
}

fn only_slack(name: &str) -> EventKind {
    EventKind::Unknown { name: name.to_owned() }
}

fn member(id: &str) -> Sender {
    Sender { id: id.to_owned(), name: None }
}

fn reaction(removed: bool) -> EventKind {
    let (message_id, emoji) = ("1360782400.498405".to_owned(), "thumbsup".to_owned());
    EventKind::Reaction { message_id, emoji, removed }
}

#[tokio::test]
async fn every_kind_is_an_event() {
    let message_id = || "1355517523.000005".to_owned();
    let pinned = || "1360782400.498405".to_owned();
    let cases = [
        ("message", "C123ABC456", "U123ABC456", text("Hello world")),
        ("message.im", "D024BE91L", "U2147483697", text("Hello world")),
        ("app_mention", "C123ABC456", "U061F7AUR", text("is it everything a river should be?")),
        ("me_message", "C2147483705", "U2147483697", text("is doing that thing")),
        (
            "message_changed",
            "C123ABC456",
            "U123ABC456",
            EventKind::MessageEdited {
                message_id: message_id(),
                message: Message::Text("Hello, world!".to_owned()),
            },
        ),
        (
            "message_deleted",
            "C123ABC456",
            "",
            EventKind::MessageDeleted { message_id: "1358878749.000002".to_owned() },
        ),
        (
            "tombstone",
            "C123ABC456",
            "USLACKER",
            EventKind::MessageDeleted { message_id: message_id() },
        ),
        (
            "channel_topic",
            "C123ABC456",
            "U2147483828",
            EventKind::RoomDescribed { description: "hello world".to_owned() },
        ),
        (
            "channel_purpose",
            "C123ABC456",
            "U2147483828",
            EventKind::RoomDescribed { description: "whatever".to_owned() },
        ),
        ("reaction_added", "C123ABC456", "U123ABC456", reaction(false)),
        ("reaction_removed", "C123ABC456", "U123ABC456", reaction(true)),
        (
            "member_joined_channel",
            "C123ABC456",
            "W123ABC456",
            EventKind::MemberJoined { member: member("W123ABC456") },
        ),
        (
            "the bot joins",
            "C123ABC456",
            "U0LAN0Z89",
            EventKind::MemberJoined { member: member("U0LAN0Z89") },
        ),
        (
            "member_left_channel",
            "C123ABC456",
            "W123ABC456",
            EventKind::MemberLeft { member: member("W123ABC456") },
        ),
        (
            "channel_created",
            "C024BE91L",
            "U024BE7LH",
            EventKind::RoomCreated { name: Some("fun".to_owned()) },
        ),
        ("channel_rename", "C02ELGNBH", "", EventKind::RoomRenamed { name: "new_name".to_owned() }),
        ("pin_added", "C02ELGNBH", "U123ABC456", EventKind::MessagePinned { message_id: pinned() }),
        (
            "pin_removed",
            "C02ELGNBH",
            "U123ABC456",
            EventKind::MessageUnpinned { message_id: pinned() },
        ),
        ("file_shared", "D01315BHHSN", "U0Z7K8SRH", only_slack("file_shared")),
        ("app_home_opened", "U123ABC456", "U123ABC456", only_slack("app_home_opened")),
        ("slash command", "G8PSS9T3V", "U2CERLKJA", text("/webhook-collect")),
        ("slash command with a text", "C2147483705", "U2147483697", text("/weather 94070")),
    ];
    for (name, room, sender, kind) in cases {
        let events = heard("", &[name]).await;
        let [event] = &events[..] else { panic!("{name}: {events:?}") };
        assert_eq!(event.kind, kind, "{name}");
        assert_eq!(event.target.room, room, "{name}");
        assert_eq!(event.target.thread, None, "{name}");
        assert_eq!(event.sender.id, sender, "{name}");
        assert_eq!(event.platform, "slack");
        assert!(event.id.is_some(), "{name}");
        assert!(!event.raw.to_string().contains("\"token\""), "{name}: {}", event.raw);
    }
}

#[tokio::test]
async fn a_thread_is_a_place() {
    for (name, room, thread, words) in [
        ("message in a thread", "C123ABC456", "1482960137.000001", "<3 e.com"),
        ("thread_broadcast", "C123ABC456", "1482960137.000001", "to all"),
        ("assistant_thread_started", "D123ABC456", "1729999327.187299", ""),
        ("assistant_thread_context_changed", "D123ABC456", "1729999327.187299", ""),
    ] {
        let event = &heard("", &[name]).await[0];
        assert_eq!(event.target.room, room, "{name}");
        assert_eq!(event.target.thread.as_deref(), Some(thread), "{name}");
        assert_eq!(event.text().unwrap_or_default(), words, "{name}");
    }
}

#[tokio::test]
async fn a_message_in_a_channel_may_begin_a_thread() {
    for (name, thread) in [
        ("message", Some("1355517523.000005")),
        ("app_mention", Some("1515449522.000016")),
        ("message_changed", Some("1355517523.000005")),
        ("message in a thread", Some("1482960137.000001")),
        ("block_actions", Some("1548261231.000200")),
        ("message.im", None),
        ("channel_topic", None),
        ("slash command", None),
        ("shortcut", None),
    ] {
        let event = &heard("reply_in_threads: true", &[name]).await[0];
        assert_eq!(event.target.thread.as_deref(), thread, "{name}");
    }
}

#[tokio::test]
async fn times_and_ids_are_slacks() {
    for (name, id, millis) in [
        ("message", "T123ABC456:C123ABC456:1355517523.000005", 1_355_517_523_000),
        ("app_mention", "T123ABC456:C123ABC456:1515449522.000016", 1_515_449_522_000),
        (
            "message_changed",
            "T123ABC456:C123ABC456:1355517523.000005:1358878755.000001",
            1_358_878_755_000,
        ),
        ("reaction_added", "Ev123ABC456", 1_360_782_804_083),
        ("channel_rename", "Ev123ABC456", 123_456_789_000),
        (
            "block_actions",
            "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
            1_548_426_417_840,
        ),
        (
            "slash command",
            "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            1_700_000_000_000,
        ),
        ("view_closed", "closed:VNHU13V36", 1_700_000_000_000),
    ] {
        let event = &heard("", &[name]).await[0];
        assert_eq!(event.id.as_deref(), Some(id), "{name}");
        let difference = event.timestamp.as_millis().abs_diff(millis);
        // What Slack gives no time for happened when it came.
        let came = millis == 1_700_000_000_000 && difference < 60_000;
        assert!(difference == 0 || came, "{name}: {:?}", event.timestamp);
    }
}

#[tokio::test]
async fn a_message_with_files_is_an_event_for_each() {
    let events = heard("", &["file_share"]).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind.clone()).collect();
    let media = |id: &str, mime_type: &str, name: &str| Media {
        mime_type: Some(mime_type.to_owned()),
        name: Some(name.to_owned()),
        ..Media::id(id)
    };
    let caption = Some("message message message".to_owned());
    let picture = Media { caption, ..media("F04PNG", "image/png", "cat.png") };
    let file = media("F04EEHX1EES", "text/plain", "namenamename.txt");
    let expected = [Message::Image(picture), Message::File(file)].map(EventKind::Message);
    assert_eq!(kinds, expected);
    let ids: Vec<_> = events.iter().map(|event| event.id.as_deref().unwrap()).collect();
    let id = "T123ABC456:D0442US94JD:1670631527.874149";
    assert_eq!(ids, [id, &format!("{id}#2")]);

    let unknown = heard("", &["file_share of Slack Connect"]).await;
    let expected = EventKind::Message(Message::File(Media::id("F12345678")));
    assert_eq!(unknown[0].kind, expected);
}
