//! What Meta says of Messenger, in the words of every platform. The bodies are the samples of
//! <https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events>,
//! with ids in the place of placeholders.

use patchcord::chat::event::{EventKind, Location, Message, Payload};
use patchcord::chat::{Event, Media};
use patchcord::connectors::meta::{ControlChange, MetaEvent};

use crate::support::function::Function;
use crate::{PAGE, PSID, Told, channel, configured, told, webhook};

pub fn text(text: &str) -> EventKind {
    EventKind::Message(Message::Text(text.to_owned()))
}

pub fn payload(data: &str, title: &str) -> EventKind {
    EventKind::Payload(Payload { data: data.to_owned(), title: Some(title.to_owned()) })
}

pub fn reaction(emoji: &str, removed: bool, message_id: &str) -> EventKind {
    let (message_id, emoji) = (message_id.to_owned(), emoji.to_owned());
    EventKind::Reaction { message_id, emoji, removed }
}

pub fn unknown(name: &str) -> EventKind {
    EventKind::Unknown { name: name.to_owned() }
}

pub fn media(kind: fn(Media) -> Message, url: &str) -> EventKind {
    EventKind::Message(kind(Media::url(format!("https://cdn.example.com/{url}"))))
}

/// Whether these are the ids and kinds of `events`, in order.
#[track_caller]
pub fn assert_are(events: &[Event], expected: &[(&str, EventKind)]) {
    let ids = |event: &Event| event.id.clone().unwrap_or_default();
    let found: Vec<_> = events.iter().map(|event| (ids(event), event.kind.clone())).collect();
    let expected: Vec<_> =
        expected.iter().map(|(id, kind)| ((*id).to_owned(), kind.clone())).collect();
    assert_eq!(found, expected);
}

pub fn meta(event: &Event) -> &MetaEvent {
    event.extensions.get().expect("a MetaEvent")
}

#[tokio::test]
async fn every_sample_becomes_an_event() {
    let reply = |to: &str, text: &str| {
        let message = Message::Text(text.to_owned());
        EventKind::Reply { to: to.to_owned(), message }
    };
    let location = Location {
        latitude: 37.483_872_693_672,
        longitude: -122.149_004_419_42,
        title: Some("Facebook HQ".to_owned()),
    };
    let edited = EventKind::MessageEdited {
        message_id: "m_text".to_owned(),
        message: Message::Text("hello, moon!".to_owned()),
    };
    let events = told("messenger", "messenger.json").await;
    assert_are(
        &events,
        &[
            ("m_text", text("hello, world!")),
            ("m_quick", payload("<DEVELOPER_DEFINED_PAYLOAD>", "Red")),
            ("m_reply", reply("m_1fTq8oLumEyIp3Q2MR", "hello, world!")),
            ("m_files", text("look")),
            ("m_files#2", media(Message::Image, "a.jpg")),
            ("m_files#3", media(Message::Video, "a.mp4")),
            ("m_files#4", media(Message::Audio, "a.m4a")),
            ("m_files#5", media(Message::File, "a.pdf")),
            ("m_files#6", media(Message::Video, "reel.mp4")),
            ("m_sticker", media(Message::Image, "s.png")),
            ("m_location", EventKind::Message(Message::Location(location))),
            ("m_link", text("https://www.example.com/")),
            ("m_share", text("https://www.example.com/")),
            ("m_product", unknown("template")),
            ("m_MESSAGE-ID", payload("USER-DEFINED-PAYLOAD", "TITLE-FOR-THE-CTA")),
            ("postback:1458692752479:1254459154682919", payload("OF-AN-API-BEFORE-V11", "Old")),
            ("referral:1458692752478:1254459154682919", unknown("referral")),
            (
                "reaction:1458668856463:1254459154682919:m_text",
                reaction("❤\u{fe0f}", false, "m_text"),
            ),
            ("reaction:1458668856464:1254459154682919:m_text", reaction("", true, "m_text")),
            ("m_text:edit:2", edited),
            ("optin:1518479195000:1254459154682919", unknown("optin")),
            ("account_linking:1234567890000:1254459154682919", unknown("account_linking")),
            ("account_linking:1234567891000:1254459154682919", unknown("account_linking")),
            ("thread_control:1458692752478:1254459154682919", unknown("thread_control")),
            ("thread_control:1458692752479:1254459154682919", unknown("thread_control")),
            ("thread_control:1458692752480:1254459154682919", unknown("thread_control")),
        ],
    );
    for event in &events {
        assert_eq!((event.platform.as_str(), event.channel.as_str()), ("messenger", "messenger"));
        assert_eq!((event.sender.id.as_str(), event.target.room.as_str()), (PSID, PSID));
        assert_eq!(meta(event).account, PAGE);
        assert!(meta(event).standby.is_empty());
        let items = event.raw["messaging"].as_array().unwrap();
        assert_eq!((event.raw["id"].as_str(), items.len()), (Some(PAGE), 1));
    }
    let at = |index: usize| events[index].timestamp.as_millis();
    assert_eq!((at(0), at(14)), (1_458_692_752_478, 1_527_459_824_000), "seconds in a text, too");
}

#[tokio::test]
async fn what_only_messenger_tells_is_typed() {
    let events = told("messenger", "messenger.json").await;
    let of = |id: &str| {
        let event =
            events.iter().find(|event| event.id.as_ref().is_some_and(|it| it.starts_with(id)));
        meta(event.expect(id))
    };
    let of_postback = of("m_MESSAGE-ID").referral.as_ref().unwrap();
    assert_eq!(of_postback.reference.as_deref(), Some("USER-DEFINED-REFERRAL-PARAM"));
    assert_eq!(of_postback.source.as_deref(), Some("SHORTLINK"));
    let referral = of("referral").referral.as_ref().unwrap();
    assert_eq!(referral.ad_id.as_deref(), Some("6045246247433"));
    assert_eq!(referral.ad.as_ref().unwrap().ad_title.as_deref(), Some("Summer"));
    let optin = of("optin").optin.as_ref().unwrap();
    let token = optin.notification_messages_token.as_deref();
    assert_eq!(token, Some("NOTIFICATION-MESSAGES-TOKEN"));
    let linking = of("account_linking:1234567890000").account_linking.as_ref().unwrap();
    assert_eq!(linking.status, "linked");
    assert_eq!(linking.authorization_code.as_deref(), Some("PASS_THROUGH_AUTHORIZATION_CODE"));
    assert_eq!(
        of("account_linking:1234567891000").account_linking.as_ref().unwrap().status,
        "unlinked"
    );
    let kinds: Vec<_> = of("m_files").attachments.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["image", "video", "audio", "file", "reel"]);
    let controls = events.iter().filter_map(|event| meta(event).thread_control.clone());
    let controls: Vec<_> =
        controls.map(|it| (it.change, it.previous_owner, it.new_owner)).collect();
    let app = |id: &str| Some(id.to_owned());
    let expected = [
        (ControlChange::Passed, None, app("123456789")),
        (ControlChange::Taken, app("123456789"), app("987654321")),
        (ControlChange::Requested, None, app("123456789")),
    ];
    assert_eq!(controls, expected);
}

#[tokio::test]
async fn echoes_receipts_and_what_is_not_known_are_acknowledged_and_no_more() {
    assert_are(&told("messenger", "ignored.json").await, &[]);
}

#[tokio::test]
async fn in_standby_a_bot_only_listens() {
    let events = told("messenger", "standby.json").await;
    assert_are(
        &events,
        &[("standby:m_overheard", unknown("standby")), ("standby:m_pressed", unknown("standby"))],
    );
    let happened = [text("I want a refund"), media(Message::Image, "a.jpg")];
    assert_eq!(meta(&events[0]).standby, happened);
    assert_eq!(meta(&events[1]).standby, [unknown("postback")], "whose payload is not told");
}

/// What the bot of a channel with these settings is told.
async fn told_with(more: &str, name: &str) -> Vec<Event> {
    let told = Told::default();
    let config = configured(&channel("messenger", more)).await.unwrap();
    let function = Function::start_with(config, |setup| setup.bot(told.bot())).await;
    assert_eq!(function.handle(webhook("messenger", name)).await.status.as_u16(), 200);
    told.events()
}

#[tokio::test]
async fn what_another_app_says_is_told_to_who_knows_its_own_id() {
    let events = told_with(", app_id: 1517776481860111", "standby.json").await;
    let echo = &events[2];
    assert_eq!(
        (echo.kind.clone(), echo.id.as_deref()),
        (unknown("standby"), Some("standby:m_agent"))
    );
    assert_eq!((echo.sender.id.as_str(), echo.target.room.as_str()), (PAGE, PSID));
    let said = meta(echo).echo.as_ref().unwrap();
    assert_eq!(
        (said.app_id.as_str(), said.metadata.as_deref()),
        ("263902037430900", Some("agent-7"))
    );
    let own = told_with(", app_id: 1517776481860111", "ignored.json").await;
    assert_are(&own, &[]);
    let foreign = told_with(", app_id: 1", "ignored.json").await;
    assert_are(&foreign, &[("mid.1457764197618:41d102a3e1ae206a38", unknown("echo"))]);
}

#[tokio::test]
async fn events_of_other_pages_are_ignored_if_there_is_one_to_compare_with() {
    assert_eq!(told_with(", account_id: 682498302938465", "text.json").await.len(), 1);
    assert_eq!(told_with(", account_id: '1'", "text.json").await.len(), 0);
}

#[tokio::test]
async fn the_dashboards_test_is_an_event() {
    let events = told("messenger", "dashboard.json").await;
    assert_are(&events, &[("test_message_id", text("test_message"))]);
}
