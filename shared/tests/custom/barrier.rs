//! A car park's barriers. Each gate posts what happened there, several events at once, and shows
//! what it gets back on its display; a controller opens the barrier and knows the gates.

use std::time::Duration;

use async_trait::async_trait;
use patchcord::chat::event::Payload;
use patchcord::chat::sessions::Session;
use patchcord::chat::{
    AnswerMode, Connector, ConnectorError, Context, Event, EventKind, Received, Reply,
    RequestError, Target, Unsupported, WebhookRequest,
};
use patchcord::connectors::auth::{Auth, AuthConfig};
use patchcord::ground::clock::Timestamp;
use patchcord::ground::config::{ConfigError, Place};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What happens at a barrier and nowhere else: an extension of the event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum BarrierEvent {
    /// A car stands before it.
    CarArrived {
        /// Its number plate.
        plate: String,
    },
    /// It stays open, although nobody drives through.
    HeldOpen {
        /// For how long by now.
        seconds: u32,
    },
    /// It is still there.
    Heartbeat,
}

/// A request: what happened at one gate.
#[derive(Deserialize)]
struct Report {
    gate: String,
    events: Vec<Value>,
}

/// One of the events. A pressed help button is a button like any other.
fn event(gate: &str, raw: Value) -> Event {
    let name = raw["type"].as_str().unwrap_or_default().to_owned();
    let kind = match name.as_str() {
        "help-pressed" => EventKind::Payload(Payload { data: "HELP".to_owned(), title: None }),
        _ => EventKind::Unknown { name },
    };
    let id = raw["id"].as_str().map(str::to_owned);
    let mut event = Event::new("barrier", gate, kind, raw);
    event.id = id;
    event
}

/// The bridge between the barriers and the bot.
pub struct BarrierConnector {
    auth: Auth,
    http: reqwest::Client,
    controller: String,
}

/// How long the controller may take.
const TIMEOUT: Duration = Duration::from_secs(10);

impl BarrierConnector {
    /// A connector for gates that prove themselves by `auth`, with the controller at a URL.
    pub fn new(
        auth: AuthConfig,
        http: reqwest::Client,
        controller: &str,
    ) -> Result<Self, ConfigError> {
        let place = Place::root().key("auth");
        let auth = Auth::new(auth, &place)?;
        if auth.is_open() {
            return Err(place.expected("a `token` or a `jwt_key`"));
        }
        Ok(Self { auth, http, controller: controller.to_owned() })
    }

    async fn open(&self, gate: &str) -> Result<(), reqwest::Error> {
        let url = format!("{}/gates/{gate}/open", self.controller);
        self.http.post(url).timeout(TIMEOUT).send().await?.error_for_status()?;
        Ok(())
    }

    async fn gate(&self, gate: &str) -> Result<Map<String, Value>, reqwest::Error> {
        let url = format!("{}/gates/{gate}", self.controller);
        self.http.get(url).timeout(TIMEOUT).send().await?.error_for_status()?.json().await
    }
}

#[async_trait]
impl Connector for BarrierConnector {
    fn platform(&self) -> &'static str {
        "barrier"
    }

    async fn verify(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError> {
        self.auth.check(request, now)
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let expected = || RequestError::malformed(r#"expected {"gate": "…", "events": […]}"#);
        let report: Report = serde_json::from_slice(request.body()).map_err(|_| expected())?;
        let is_plain = |gate: &str| gate.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_plain(&report.gate) {
            return Err(expected()); // it becomes part of a URL
        }
        let events = report.events.into_iter().map(|raw| event(&report.gate, raw));
        Ok(events.collect::<Vec<_>>().into())
    }

    fn extend_event(&self, event: &mut Event) {
        if let Ok(barrier) = BarrierEvent::deserialize(&event.raw) {
            event.extensions.insert(barrier);
        }
    }

    /// A heartbeat belongs to no conversation.
    fn session_key(&self, event: &Event) -> Option<String> {
        let is_heartbeat = event.extensions.get() == Some(&BarrierEvent::Heartbeat);
        (!is_heartbeat).then(|| event.target.room.clone())
    }

    /// Asks the controller about the gate, once.
    async fn update_session(
        &self,
        session: &mut Session,
        event: &Event,
    ) -> Result<(), ConnectorError> {
        if session.data.is_empty() {
            session.data = self.gate(&event.target.room).await.map_err(|error| ConnectorError {
                what: "cannot ask the controller about a gate".to_owned(),
                retryable: true,
                source: Some(error.without_url().into()),
            })?;
        }
        Ok(())
    }

    fn answer_mode(&self, _: &WebhookRequest) -> AnswerMode {
        AnswerMode::Collected
    }

    fn encode(&self, _: &Target, reply: &Reply) -> Result<Vec<Value>, Unsupported> {
        match reply {
            Reply::Text { text } => Ok(vec![json!({ "display": text })]),
            other => Err(Unsupported(other.kind())), // it was rendered as text before
        }
    }

    fn default_target(&self) -> Option<Target> {
        Some(Target::room("office"))
    }
}

/// What a bot can do at a barrier and nowhere else.
#[async_trait]
pub trait BarrierContext {
    /// Lets the car in.
    async fn open_barrier(&self) -> Result<(), BarrierError>;
}

/// The barrier was not opened.
#[derive(Debug, thiserror::Error)]
pub enum BarrierError {
    /// The event came from another platform.
    #[error("there is no barrier on this platform")]
    NoBarrier,
    /// The controller did not do it.
    #[error("the controller did not open the barrier")]
    Controller(#[source] reqwest::Error),
}

#[async_trait]
impl BarrierContext for Context {
    async fn open_barrier(&self) -> Result<(), BarrierError> {
        let barrier = self.connector::<BarrierConnector>().ok_or(BarrierError::NoBarrier)?;
        let opened = barrier.open(&self.event().target.room).await;
        opened.map_err(|error| BarrierError::Controller(error.without_url()))
    }
}
