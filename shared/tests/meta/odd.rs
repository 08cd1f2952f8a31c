//! What is odd in a webhook costs nobody their words.

use patchcord::chat::{Connector as _, Event, Received};
use patchcord::connectors::meta::MetaConnector;
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::ground::http::client;
use serde_json::{Value, json};

use crate::messenger::unknown;
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

fn entry(messaging: Value) -> Value {
    json!({ "id": PAGE, "time": 1_458_692_752_999_u64, "messaging": messaging })
}

/// Something that happened to the person, with the members of `content`.
fn item(content: Value) -> Value {
    let mut item = json!({
        "sender": { "id": PSID }, "recipient": { "id": PAGE }, "timestamp": 1_458_692_752_478_u64,
    });
    item.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    item
}

/// The only event of an item.
async fn event(content: Value) -> Event {
    let received = received(entry(json!([item(content.clone())]))).await;
    let counts = (received.events.len(), received.ignored, received.malformed);
    assert_eq!(counts, (1, 0, 0), "{content}");
    received.events.into_iter().next().unwrap()
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
