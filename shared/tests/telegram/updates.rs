//! Updates of groups, topics and channels, and what service messages tell; their fields are those of
//! <https://core.telegram.org/bots/api#available-types>.

use patchcord::chat::event::{Location, Payload, Sender};
use patchcord::chat::{EventKind, Media, Message};
use serde_json::{Value, json};

use super::fake::{BOT, FORUM, TOPIC};
use super::harness::{heard, heard_with};
use super::people::{kinds, person};

/// Ada says something in a group, unless the members of `content` say otherwise.
pub fn in_group(content: &Value) -> Value {
    let mut message = json!({
        "message_id": 20, "date": 1_700_000_000,
        "chat": { "id": -1_005, "type": "supergroup", "title": "Lab" },
        "from": { "id": 77, "first_name": "Ada", "is_bot": false },
    });
    for (name, value) in content.as_object().unwrap() {
        message[name] = value.clone();
    }
    json!({ "update_id": 5, "message": message })
}

async fn kind(update: &Value) -> EventKind {
    let mut events = heard(update).await;
    assert_eq!(events.len(), 1, "{update}");
    events.remove(0).kind
}

fn media(id: &str, mime_type: &str) -> Media {
    Media { mime_type: Some(mime_type.to_owned()), ..Media::id(id) }
}

pub fn unknown(name: &str) -> EventKind {
    EventKind::Unknown { name: name.to_owned() }
}

#[tokio::test]
async fn everything_that_people_send_is_a_message() {
    let said = EventKind::Message;
    let photo = json!({ "caption": "A cat", "photo": [
        { "file_id": "small", "width": 90, "height": 90 },
        { "file_id": "large", "width": 800, "height": 800 },
    ] });
    let cat = Media { caption: Some("A cat".to_owned()), ..media("large", "image/jpeg") };
    let film = json!({ "file_id": "F" });
    let place = |title: Option<&str>| {
        let title = title.map(str::to_owned);
        said(Message::Location(Location { latitude: 48.85, longitude: 2.35, title }))
    };
    let point = json!({ "latitude": 48.85, "longitude": 2.35 });
    let venue = json!({ "location": point, "title": "Café", "address": "1 rue de la Paix" });
    for (content, expected) in [
        (photo, said(Message::Image(cat))),
        (json!({ "video": film }), said(Message::Video(media("F", "video/mp4")))),
        (json!({ "video_note": film }), said(Message::Video(media("video_note:F", "video/mp4")))),
        (
            json!({ "animation": film, "document": film }),
            said(Message::Video(media("animation:F", "video/mp4"))),
        ),
        (json!({ "sticker": film }), said(Message::Image(media("sticker:F", "image/webp")))),
        (
            json!({ "sticker": { "file_id": "F", "is_animated": true } }),
            said(Message::File(media("sticker:F", "application/x-tgsticker"))),
        ),
        (
            json!({ "sticker": { "file_id": "F", "is_video": true } }),
            said(Message::Video(media("sticker:F", "video/webm"))),
        ),
        (json!({ "location": point }), place(None)),
        (json!({ "location": point, "venue": venue }), place(Some("Café"))),
        (
            json!({ "web_app_data": { "data": "{}", "button_text": "Order" } }),
            EventKind::Payload(Payload { data: "{}".to_owned(), title: Some("Order".to_owned()) }),
        ),
        (json!({ "contact": { "phone_number": "+1", "first_name": "A" } }), unknown("contact")),
        (json!({ "dice": { "emoji": "🎲", "value": 3 } }), unknown("dice")),
        (json!({ "of_a_later_version": {} }), unknown("message")),
    ] {
        assert_eq!(kind(&in_group(&content)).await, expected, "{content}");
    }
}

#[tokio::test]
async fn service_messages_tell_of_the_room() {
    let renamed = |name: &str| EventKind::RoomRenamed { name: name.to_owned() };
    let created = |name: &str| EventKind::RoomCreated { name: Some(name.to_owned()) };
    for (content, expected) in [
        (
            json!({ "pinned_message": { "message_id": 12, "date": 0, "chat": { "id": -1_005 } } }),
            EventKind::MessagePinned { message_id: "12".to_owned() },
        ),
        (json!({ "new_chat_title": "New" }), renamed("New")),
        (json!({ "forum_topic_created": { "name": "News", "icon_color": 1 } }), created("News")),
        (json!({ "forum_topic_edited": { "name": "Olds" } }), renamed("Olds")),
        (json!({ "forum_topic_edited": { "icon_custom_emoji_id": "5" } }), unknown("message")),
        (json!({ "group_chat_created": true }), created("Lab")),
        (json!({ "supergroup_chat_created": true }), created("Lab")),
        (json!({ "channel_chat_created": true }), created("Lab")),
        (json!({ "migrate_to_chat_id": -100_500 }), unknown("migrate_to_chat_id")),
    ] {
        assert_eq!(kind(&in_group(&content)).await, expected, "{content}");
    }
}

#[tokio::test]
async fn topics_chats_and_people_are_told_apart() {
    let forum = json!({ "id": FORUM, "type": "supergroup", "is_forum": true });
    let topic = json!({
        "chat": forum, "text": "hi", "message_thread_id": TOPIC, "is_topic_message": true,
        "reply_to_message": { "message_id": TOPIC, "forum_topic_created": { "name": "News" } },
    });
    // In a group without topics a chain of replies has an id as well.
    let chain = json!({
        "text": "hi", "message_thread_id": 12, "reply_to_message": { "message_id": 12 },
    });
    let anonymous = json!({
        "text": "hi", "from": { "id": 1_087_968_824, "first_name": "Group", "is_bot": true },
        "sender_chat": { "id": -1_005, "type": "supergroup", "title": "Lab" },
    });
    let direct = json!({
        "chat": { "id": -1_008, "type": "supergroup", "is_direct_messages": true }, "text": "hi",
        "direct_messages_topic": { "topic_id": 77, "user": { "id": 77, "first_name": "Ada" } },
    });
    let text = Message::Text("hi".to_owned());
    let message = || EventKind::Message(text.clone());
    for (content, sender, room, thread, expected) in [
        (topic, "77", FORUM, Some("7"), message()),
        (json!({ "chat": forum, "text": "hi" }), "77", FORUM, None, message()),
        (
            chain,
            "77",
            -1_005,
            None,
            EventKind::Reply { to: "12".to_owned(), message: text.clone() },
        ),
        (anonymous, "-1005", -1_005, None, message()),
        (direct, "77", -1_008, Some("dm:77"), message()),
    ] {
        let event = heard(&in_group(&content)).await.remove(0);
        assert_eq!((&*event.sender.id, &event.kind), (sender, &expected), "{content}");
        let place = (event.target.room, event.target.thread.as_deref());
        assert_eq!(place, (room.to_string(), thread), "{content}");
    }
    let post = json!({ "update_id": 8, "channel_post": {
        "message_id": 3, "date": 1_700_000_000, "text": "hi",
        "chat": { "id": -1_009, "type": "channel", "title": "News" },
        "sender_chat": { "id": -1_009, "type": "channel", "title": "News" },
    } });
    let event = heard(&post).await.remove(0);
    let sender = Sender { id: "-1009".to_owned(), name: Some("News".to_owned()) };
    assert_eq!((event.sender, &*event.target.room, event.kind), (sender, "-1009", message()));
    let edited = json!({ "update_id": 9, "edited_channel_post": post["channel_post"] });
    let expected = EventKind::MessageEdited { message_id: "3".to_owned(), message: text.clone() };
    assert_eq!(kind(&edited).await, expected);
}

#[tokio::test]
async fn a_button_has_its_title_and_the_place_of_its_message() {
    let key = |text: &str, data: &str| json!([{ "text": text, "callback_data": data }]);
    let update = json!({ "update_id": 4, "callback_query": {
        "id": "77", "from": person(77, "Ada"), "data": "Y", "chat_instance": "1",
        "message": {
            "message_id": 30, "date": 1_700_000_000, "text": "Sure?", "message_thread_id": TOPIC,
            "is_topic_message": true, "chat": { "id": FORUM, "type": "supergroup" },
            "reply_markup": { "inline_keyboard": [key("No", "N"), key("Yes", "Y")] },
        },
    } });
    let event = heard(&update).await.remove(0);
    let title = Some("Yes".to_owned());
    assert_eq!(event.kind, EventKind::Payload(Payload { data: "Y".to_owned(), title }));
    let place = (event.sender.id, event.target.room, event.target.thread);
    assert_eq!(place, ("77".to_owned(), FORUM.to_string(), Some(TOPIC.to_string())));
    let mut game = update.clone();
    game["callback_query"]["data"] = Value::Null;
    game["callback_query"]["game_short_name"] = json!("chess");
    assert_eq!(heard(&game).await[0].kind, unknown("callback_game"));
    let mut gone = update.clone();
    gone["callback_query"]["message"] =
        json!({ "message_id": 30, "date": 0, "chat": { "id": FORUM, "type": "supergroup" } });
    assert_eq!(heard(&gone).await[0].payload(), Some("Y"), "the message cannot be seen any more");
}

#[tokio::test]
async fn what_a_bot_need_not_know_is_acknowledged_and_what_cannot_be_read_too() {
    let echo = in_group(&json!({ "from": person(BOT, "Ours"), "text": "hi" }));
    let same = in_group(&json!({}))["message"].clone();
    for (name, body) in [
        ("the bot's own words", echo),
        ("a kind of a later version", json!({ "update_id": 1, "of_a_later_version": {} })),
        ("a business account's", json!({ "update_id": 1, "business_message": same })),
        ("no content", json!({ "update_id": 1 })),
        ("a message that is none", json!({ "update_id": 1, "message": { "text": "hi" } })),
        ("a query that is none", json!({ "update_id": 1, "callback_query": "hi" })),
    ] {
        let (events, answer) = heard_with("", &body).await;
        assert_eq!((events.len(), answer.status.as_u16(), &*answer.body), (0, 200, ""), "{name}");
    }
    for kind in ["poll", "poll_answer", "chat_join_request", "pre_checkout_query", "chat_boost"] {
        let mut update = json!({ "update_id": 2 });
        update[kind] = json!({ "id": "1", "from": person(77, "Ada") });
        assert_eq!(kinds("", &update).await, [unknown(kind)]);
    }
    let voted =
        json!({ "update_id": 3, "poll_answer": { "poll_id": "1", "user": person(77, "Ada") } });
    let event = heard(&voted).await.remove(0);
    assert_eq!((&*event.sender.id, &*event.target.room), ("77", "77"));
}
