//! What a bot has done itself, and what is said to another one, is no news to it.

use patchcord::chat::event::Sender;
use patchcord::chat::{Connector as _, EventKind};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::connectors::telegram::TelegramConnector;
use patchcord::ground::http::client;
use serde_json::{Value, json};

use super::fake::{BOT, TOKEN};
use super::harness::{SECRET, update};
use super::people::person;
use super::updates::in_group;

/// The kinds of the events that an update becomes, and how many are counted as ignored.
async fn kinds(username: Option<&str>, body: &Value) -> (Vec<EventKind>, usize) {
    let mut settings = json!({ "token": TOKEN, "secret_token": SECRET });
    if let Some(username) = username {
        settings["username"] = json!(username);
    }
    let settings = ChannelSettings::new("t", settings, Stage::Deployed, client().unwrap());
    let telegram = TelegramConnector::from_settings(&settings).unwrap();
    let received = telegram.map_request(&update(body)).await.unwrap();
    assert_eq!(received.malformed, 0, "{body}");
    (received.events.into_iter().map(|event| event.kind).collect(), received.ignored)
}

/// A bot that answers a pinned message by pinning one would go on for ever
/// (<https://github.com/tdlib/telegram-bot-api/issues/731>).
#[tokio::test]
async fn a_bot_does_not_hear_what_it_changes() {
    let pinned = json!({ "message_id": 12, "date": 0, "chat": { "id": -1_005 } });
    for (name, value) in [
        ("pinned_message", pinned),
        ("new_chat_title", json!("New")),
        ("forum_topic_created", json!({ "name": "News" })),
        ("forum_topic_edited", json!({ "name": "Olds" })),
        ("delete_chat_photo", json!(true)),
    ] {
        let mut content = json!({ "from": person(BOT, "Ours") });
        content[name] = value;
        assert_eq!(kinds(None, &in_group(&content)).await, (vec![], 1), "{name}");
        content["from"] = person(77, "Ada");
        let (others, ignored) = kinds(None, &in_group(&content)).await;
        assert_eq!((others.len(), ignored), (1, 0), "{name} by somebody else");
    }
    let bob = || Sender { id: "78".to_owned(), name: Some("Bob".to_owned()) };
    for (name, value, expected) in [
        ("new_chat_members", json!([person(78, "Bob")]), EventKind::MemberJoined { member: bob() }),
        ("left_chat_member", person(78, "Bob"), EventKind::MemberLeft { member: bob() }),
    ] {
        let mut content = json!({ "from": person(BOT, "Ours") });
        content[name] = value;
        assert_eq!(kinds(None, &in_group(&content)).await, (vec![expected], 0), "{name}");
    }
}

/// A bot in the group gets the result that somebody has chosen there as a message of that person
/// (<https://github.com/python-telegram-bot/python-telegram-bot/issues/2807>).
#[tokio::test]
async fn what_people_send_by_way_of_its_inline_mode_is_its_own() {
    let said =
        |bot: i64| in_group(&json!({ "text": "Our best shoes", "via_bot": person(bot, "B") }));
    let edited = |bot: i64| {
        let mut message = said(bot)["message"].clone();
        message["edit_date"] = json!(1_700_000_001);
        json!({ "update_id": 6, "edited_message": message })
    };
    for (name, ours, another) in
        [("said", said(BOT), said(55)), ("edited", edited(BOT), edited(55))]
    {
        assert_eq!(kinds(None, &ours).await, (vec![], 1), "{name}");
        let (others, ignored) = kinds(None, &another).await;
        assert_eq!((others.len(), ignored), (1, 0), "{name} by way of another bot");
    }
}

#[tokio::test]
async fn commands_for_another_bot_are_left_out_if_the_channel_knows_its_name() {
    let command = |text: &str, length: usize| {
        let entity = json!({ "type": "bot_command", "offset": 0, "length": length });
        in_group(&json!({ "text": text, "entities": [entity] }))
    };
    for (username, body, told) in [
        (Some("MyBot"), command("/start@OtherBot", 15), 0),
        (Some("@MyBot"), command("/start@OtherBot now", 15), 0),
        (Some("MyBot"), command("/start@mybot", 12), 1),
        (Some("@MyBot"), command("/start@MyBot", 12), 1),
        (Some("MyBot"), command("/start", 6), 1),
        (Some("MyBot"), in_group(&json!({ "text": "ask @OtherBot" })), 1),
        (None, command("/start@OtherBot", 15), 1),
    ] {
        let (events, ignored) = kinds(username, &body).await;
        assert_eq!((events.len(), ignored), (told, 1 - told), "{username:?}: {body}");
    }
}
