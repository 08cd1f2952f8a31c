//! Many events in one request: each is handled, in order for each person, whatever is wrong with
//! another.

use std::collections::BTreeMap;

use patchcord::bots::Echo;
use patchcord::chat::{Connector as _, Event};
use patchcord::connectors::meta::{MetaConnector, Platform};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::ground::http::client;
use serde_json::json;

use crate::graph::Graph;
use crate::{ACCESS_TOKEN, APP_SECRET, Told, VERIFY_TOKEN, body, function, signed, webhook};

/// The texts of each person, in order: 0, 10, 20, … of the first. Message 57 cannot be read.
fn expected() -> BTreeMap<String, Vec<String>> {
    let mut expected = BTreeMap::<String, Vec<String>>::new();
    for number in (0..100).filter(|number| *number != 57) {
        expected.entry(format!("psid-{}", number % 10)).or_default().push(number.to_string());
    }
    expected
}

/// Echo counts what each person says: an answer in the wrong place has the wrong number.
pub fn numbered() -> BTreeMap<String, Vec<String>> {
    let mut numbered = expected();
    for texts in numbered.values_mut() {
        for (index, text) in texts.iter_mut().enumerate() {
            *text = format!("{}: {text}", index + 1);
        }
    }
    numbered
}

/// What each person was answered, in order.
pub fn answers(graph: &Graph) -> BTreeMap<String, Vec<String>> {
    let mut answers = BTreeMap::<String, Vec<String>>::new();
    for body in graph.bodies() {
        let person = body["recipient"]["id"].as_str().unwrap().to_owned();
        let text = body["message"]["text"].as_str().unwrap().to_owned();
        answers.entry(person).or_default().push(text);
    }
    answers
}

fn by_person(events: impl IntoIterator<Item = Event>) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for event in events {
        let text = event.text().unwrap().to_owned();
        found.entry(event.target.room).or_default().push(text);
    }
    found
}

#[tokio::test]
async fn of_100_events_with_a_malformed_one_99_are_handled_in_order() {
    let told = Told::default();
    let function = function("http://127.0.0.1:9", told.bot()).await;
    for _ in 0..2 {
        let answer = function.handle(webhook("messenger", "batch.json")).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    }
    assert_eq!(told.events().len(), 99, "also when it comes again");
    assert_eq!(by_person(told.events()), expected());
}

/// A thousand events may be more than a megabyte. The length is looked at before the signature.
#[tokio::test]
async fn a_request_may_be_as_long_as_lambda_takes() {
    let function = function("http://127.0.0.1:9", Told::default().bot()).await;
    for (length, status) in [(5_900_000, 401), (6_000_001, 413)] {
        let answer = function.handle(signed("messenger", vec![b'x'; length].into(), "")).await;
        assert_eq!(answer.status.as_u16(), status, "{length}");
    }
}

#[tokio::test]
async fn they_are_answered_in_order() {
    let graph = Graph::start(Platform::Messenger).await;
    let function = function(&graph.url, Echo).await;
    function.handle(webhook("messenger", "batch.json")).await;
    assert_eq!(answers(&graph), numbered());
}

#[tokio::test]
async fn what_is_not_handled_is_counted() {
    let settings = json!({
        "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "access_token": ACCESS_TOKEN,
    });
    let settings = ChannelSettings::new("m", settings, Stage::Deployed, client().unwrap());
    let connector = MetaConnector::messenger(&settings).unwrap();
    for (name, events, ignored, malformed) in
        [("batch.json", 99, 0, 1), ("ignored.json", 0, 10, 0), ("standby.json", 2, 1, 0)]
    {
        let received = connector.map_request(&webhook("m", name)).await.unwrap();
        let counts = (received.events.len(), received.ignored, received.malformed);
        assert_eq!(counts, (events, ignored, malformed), "{name}");
    }
    let sessions = connector.map_request(&webhook("m", "text.json")).await.unwrap().events;
    let key = connector.session_key(&sessions[0]);
    assert_eq!(key.as_deref(), Some("682498302938465:1254459154682919"));

    // One bad entry, item or field leaves the others alone, and so does the same item twice.
    let text: serde_json::Value = serde_json::from_slice(&body("text.json")).unwrap();
    let (entry, item) = (&text["entry"][0], &text["entry"][0]["messaging"][0]);
    let with = |name: &str, value: serde_json::Value| {
        let mut item = item.clone();
        item[name] = value;
        item
    };
    let entries = json!([
        "entry", {"id": true}, {"id": "1", "messaging": "no list"},
        {"id": "682498302938465", "messaging": [
            1, with("message", json!("hello")), with("sender", json!(null)),
            with("timestamp", json!("soon")), with("sender", json!({"id": ""})), item, item,
            {"sender": item["sender"], "recipient": item["recipient"], "referral": {"ref": "a"}},
        ]},
        entry,
    ]);
    let body = json!({"object": "page", "entry": entries}).to_string();
    let request = http::Request::post("/").body(body.into()).unwrap();
    let received = connector.map_request(&request).await.unwrap();
    let counts = (received.events.len(), received.ignored, received.malformed);
    assert_eq!(counts, (1, 2, 9));
}
