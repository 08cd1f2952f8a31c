//! What is odd in a webhook costs nobody their words.

use patchcord::chat::{Connector as _, Event, Message, Received};
use patchcord::connectors::meta::MetaConnector;
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::ground::http::client;
use serde_json::{Value, json};

use crate::messenger::{media, meta, payload, text, unknown};
use crate::{ACCESS_TOKEN, APP_SECRET, PAGE, PSID, VERIFY_TOKEN};

/// What becomes of a request with one entry.
async fn received(entry: Value) -> Received {
    let settings = json!({
        "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "access_token": ACCESS_TOKEN,
        "app_id": "1",
    });
    let settings = ChannelSettings::new("m", settings, Stage::Deployed, client().unwrap());
    let messenger = MetaConnector::messenger(&settings).unwrap();
    let body = json!({ "object": "page", "entry": [entry] }).to_string();
    let request = http::Request::post("/").body(body.into()).unwrap();
    let mut received = messenger.map_request(&request).await.unwrap();
    for event in &mut received.events {
        messenger.extend_event(event);
    }
    received
}

fn entry(messaging: &Value) -> Value {
    json!({ "id": PAGE, "time": 1_458_692_752_999_u64, "messaging": messaging })
}

/// Something that happened to the person, with the members of `content`.
fn item(content: &Value) -> Value {
    let mut item = json!({
        "sender": { "id": PSID }, "recipient": { "id": PAGE }, "timestamp": 1_458_692_752_478_u64,
    });
    item.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    item
}

/// The only event of an item.
async fn event(content: Value) -> Event {
    let received = received(entry(&json!([item(&content)]))).await;
    let counts = (received.events.len(), received.ignored, received.malformed);
    assert_eq!(counts, (1, 0, 0), "{content}");
    received.events.into_iter().next().unwrap()
}

#[tokio::test]
async fn an_ornament_that_cannot_be_read_is_left_out() {
    for (name, ornament) in [
        ("referral", json!({ "ad_id": "" })),
        ("referral", json!({ "ad_id": true, "ref": 5, "ads_context_data": "ad" })),
        ("referral", json!("ad")),
        ("attachments", json!(null)),
        ("attachments", json!("none")),
        ("attachments", json!([{ "type": 5 }, 7])),
        ("reply_to", json!("m_1")),
        ("reply_to", json!({ "mid": 5, "story": { "id": "", "url": 5 } })),
        ("quick_reply", json!({ "payload": 5 })),
        ("metadata", json!({})),
        ("app_id", json!(true)),
        ("is_echo", json!(null)),
        ("is_deleted", json!(null)),
        ("is_unsupported", json!(null)),
    ] {
        let mut message = json!({ "mid": "m_1", "text": "hello" });
        message[name] = ornament;
        let event = event(json!({ "message": message })).await;
        assert_eq!(event.kind, text("hello"), "{message}");
        assert_eq!(meta(&event).account, PAGE, "{message}");
    }
    let picture = json!({
        "type": "image", "title": 5, "payload": { "url": "https://cdn.example.com/a.jpg" },
    });
    let attachments = json!([{ "type": null }, picture]);
    let event_ = event(json!({ "message": { "mid": "m_2", "attachments": attachments } })).await;
    assert_eq!(meta(&event_).attachments.len(), 1);
    let said = json!({ "message": { "mid": "m_3", "text": "hello" }, "referral": "ad" });
    assert_eq!(event(said).await.kind, text("hello"), "beside the message");
    let pressed =
        json!({ "mid": "m_4", "title": "Yes", "payload": "Y", "referral": { "ad_id": "" } });
    assert_eq!(event(json!({ "postback": pressed })).await.kind, payload("Y", "Yes"));
    let came = json!({ "referral": { "ref": "summer", "ad_id": false } });
    let came = event(came).await;
    assert_eq!(came.kind, unknown("referral"));
    let referral = meta(&came).referral.clone().unwrap();
    assert_eq!((referral.reference.as_deref(), referral.ad_id), (Some("summer"), None));
}

/// <https://developers.facebook.com/documentation/instagram-platform/webhooks/new>
#[tokio::test]
async fn a_shared_post_is_a_file() {
    for kind in ["ig_post", "post", "share"] {
        let payload = json!({
            "ig_post_media_id": "18139494541428835", "title": "Build a workspace",
            "url": "https://cdn.example.com/post.jpg",
        });
        let shared = json!({ "type": kind, "payload": payload });
        let event = event(json!({ "message": { "mid": "m_1", "attachments": [shared] } })).await;
        assert_eq!(event.kind, media(Message::File, "post.jpg"), "{kind}");
    }
}

#[tokio::test]
async fn a_change_without_a_number_is_known_by_its_time() {
    let edit = |time: u64| {
        item(&json!({ "timestamp": time, "message_edit": { "mid": "m_1", "text": "hello" } }))
    };
    let (first, second) = (edit(1_458_692_752_478), edit(1_458_692_752_479));
    let received = received(entry(&json!([first, first, second]))).await;
    assert_eq!((received.events.len(), received.ignored, received.malformed), (2, 1, 0));
}

/// What stands in for a link has the link's title and address, which are in the words already.
#[tokio::test]
async fn a_link_with_words_is_its_words() {
    let link = json!({ "type": "fallback", "title": "Shop", "url": "https://shop.example.com/" });
    let said =
        json!({ "mid": "m_1", "text": "look: https://shop.example.com", "attachments": [link] });
    let event = event(json!({ "message": said })).await;
    assert_eq!(event.kind, text("look: https://shop.example.com"));
    assert_eq!(meta(&event).attachments.len(), 1);
}

/// The dashboard's button “Test” names the list by its field.
#[tokio::test]
async fn a_test_of_standby_is_told_as_such() {
    let value = item(&json!({ "message": { "mid": "m_1", "text": "hello" } }));
    let changes = json!([{ "field": "standby", "value": value }, { "field": "feed", "value": {} }]);
    let received = received(json!({ "id": PAGE, "changes": changes })).await;
    assert_eq!((received.events.len(), received.ignored, received.malformed), (1, 1, 0));
    assert_eq!(received.events[0].kind, unknown("standby"));
    assert_eq!(meta(&received.events[0]).standby, [text("hello")]);
}

#[tokio::test]
async fn a_list_that_is_null_is_empty() {
    let mut entry = entry(&json!([item(&json!({ "message": { "mid": "m_1", "text": "hello" } }))]));
    (entry["standby"], entry["changes"]) = (json!(null), json!(null));
    let received_ = received(entry.clone()).await;
    assert_eq!((received_.events.len(), received_.malformed), (1, 0));
    entry["messaging"] = json!(null);
    let received = received(entry).await;
    assert_eq!((received.events.len(), received.ignored, received.malformed), (0, 0, 0));
}

/// Which of the two it is says `is_echo`, whatever ids they have.
#[tokio::test]
async fn the_person_of_an_echo_is_who_gets_it() {
    let echo = json!({
        "sender": { "id": "another id of the page" }, "recipient": { "id": PSID },
        "message": { "mid": "m_1", "text": "hello", "is_echo": true, "app_id": 2 },
    });
    let event = event(echo).await;
    assert_eq!((event.kind, &*event.target.room), (unknown("echo"), PSID));
}

/// “A notification will not be sent when your business reacts”
/// (<https://developers.facebook.com/documentation/business-messaging/instagram-messaging/webhooks>);
/// if one is, whoever answers it would answer itself.
#[tokio::test]
async fn what_the_page_does_itself_is_not_told() {
    let reaction = json!({ "reaction": { "mid": "m_1", "action": "react", "emoji": "👋" } });
    let said = json!({ "message": { "mid": "m_2", "text": "hello" } });
    for content in [reaction, said] {
        let own = |recipient: &str| {
            let mut own = item(&content);
            (own["sender"]["id"], own["recipient"]["id"]) = (json!(PAGE), json!(recipient));
            own
        };
        let items = json!([own(PSID), own(PAGE), item(&content)]);
        let received = received(entry(&items)).await;
        let counts = (received.events.len(), received.ignored, received.malformed);
        assert_eq!(counts, (1, 2, 0), "{content}");
        assert_eq!(received.events[0].sender.id, PSID, "{content}");
    }
}

/// Messages of several attachments are told apart by whoever handles the request.
#[tokio::test]
async fn a_message_that_comes_twice_in_a_request_is_one() {
    let file = json!({ "type": "file", "payload": { "url": "https://cdn.example.com/a.pdf" } });
    let files = item(&json!({ "message": { "mid": "m_1", "attachments": [file, file] } }));
    let received = received(entry(&json!([files, files]))).await;
    assert_eq!((received.events.len(), received.ignored, received.malformed), (2, 2, 0));
    let ids: Vec<_> = received.events.iter().filter_map(|event| event.id.as_deref()).collect();
    assert_eq!(ids, ["m_1", "m_1"]);
}
