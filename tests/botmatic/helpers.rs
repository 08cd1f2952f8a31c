//! What the tests share: a function that is told of nothing but what a test sends, requests to it,
//! its table, and a server that records what it gets.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use patchcord::app::BotmaticSetup;
use patchcord::ground::http::client;
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_local::tables::{self, Table};
pub use patchcord_tests::contacts::fields;
use patchcord_tests::contacts::{CONFIG, Contacts, PUSH_KEY, TOKEN, answer};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// `settle_seconds` of these tests: longer than any of them takes.
pub const SETTLE: Duration = Duration::from_mins(10);

/// What `POST /botmatic/…` and the like are answered: the status, and JSON or a text.
pub type Answered = (u16, Value);

/// [`CONFIG`] with more lines in the section `botmatic`.
pub fn config_with(lines: &str) -> String {
    CONFIG.replace("botmatic:\n", &format!("botmatic:\n{lines}\n"))
}

/// The same where both services have told of a change within [`SETTLE`].
pub fn settling(config: &str) -> String {
    config.replace("settle_seconds: 1", &format!("settle_seconds: {}", SETTLE.as_secs()))
}

/// Neither Botmatic nor the CRM tells of anything on its own.
pub async fn silent() -> Contacts {
    silent_with(CONFIG, |setup| setup).await
}

/// The same with a configuration and a `main.rs` of one's own. Nothing settles before the test has
/// moved the clock by [`SETTLE`].
pub async fn silent_with(
    config: &str,
    adjust: impl FnOnce(BotmaticSetup) -> BotmaticSetup,
) -> Contacts {
    let contacts = Contacts::with(&settling(config), adjust).await;
    contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
    contacts
}

/// The same, with the integration installed.
pub async fn installed() -> (Contacts, String) {
    let contacts = silent().await;
    let integration = contacts.install().await;
    (contacts, integration)
}

/// Botmatic tells of something.
pub async fn event(contacts: &Contacts, name: &str, data: Value) -> Answered {
    contacts.event(TOKEN, &json!({ "event": name, "data": data })).await
}

/// Botmatic sends an action.
pub async fn action(contacts: &Contacts, name: &str, data: Value) -> Answered {
    contacts.event(TOKEN, &json!({ "action": name, "data": data })).await
}

/// The CRM tells of something: a request with its key.
pub async fn push(
    contacts: &Contacts,
    integration: &str,
    (method, path): (&str, &str),
    body: Value,
) -> Answered {
    let url = format!("{}{path}?integration={integration}", contacts.url);
    let request = client().unwrap().request(method.parse().unwrap(), url);
    answer(request.bearer_auth(PUSH_KEY).body(body.to_string())).await
}

/// The one contact that the CRM has, as its API writes it.
pub fn only_on_crm(contacts: &Contacts) -> Value {
    let held = contacts.crm.contacts("local");
    assert_eq!(held.len(), 1, "{held:?}");
    contacts.crm.to_json(&held[0])
}

/// Everything in the function's table, read with AWS's SDK.
pub async fn items(contacts: &Contacts) -> Vec<HashMap<String, AttributeValue>> {
    items_at(&contacts.dynamo.endpoint()).await
}

/// The same of a DynamoDB.
pub async fn items_at(endpoint: &str) -> Vec<HashMap<String, AttributeValue>> {
    let client = tables::client(endpoint);
    let scanned = client.scan().table_name(Table::CONTACTS).consistent_read(true).send().await;
    scanned.unwrap().items.unwrap()
}

/// The pairs of contacts as the table has them: what belongs together, from each side.
pub async fn pairs(contacts: &Contacts) -> Vec<(String, String)> {
    let text = |item: &HashMap<String, AttributeValue>, name: &str| {
        item.get(name).and_then(|value| value.as_s().ok()).cloned()
    };
    let items = items(contacts).await;
    let pairs = items.iter().filter_map(|it| text(it, "sk").zip(text(it, "paired_with")));
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort();
    pairs
}

/// Botmatic does not answer any more, but with 503.
pub fn botmatic_is_down(contacts: &Contacts) {
    contacts.botmatic.set_faults(down()).unwrap();
}

/// The same of the CRM.
pub fn crm_is_down(contacts: &Contacts) {
    contacts.crm.set_faults(down()).unwrap();
}

fn down() -> Faults {
    let rule = Rule { method: None, path: None, skip: 0, times: 1_000, fault: Fault::Status(503) };
    Faults { script: vec![rule], ..Faults::default() }
}

/// A request that a [`Recorder`] got.
#[derive(Clone)]
pub struct Recorded {
    pub headers: HeaderMap,
    pub body: Value,
}

/// A server that answers always the same, and remembers what it was asked.
pub struct Recorder {
    pub url: String,
    got: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    pub async fn answering(status: u16, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let recording = Arc::clone(&got);
        let app = axum::Router::new().fallback(move |headers: HeaderMap, sent: Bytes| {
            let body_sent = serde_json::from_slice(&sent).unwrap_or_default();
            recording.lock().unwrap().push(Recorded { headers, body: body_sent });
            async move { (StatusCode::from_u16(status).unwrap(), body) }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, got }
    }

    pub fn got(&self) -> Vec<Recorded> {
        self.got.lock().unwrap().clone()
    }
}
