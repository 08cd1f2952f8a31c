//! The webhook function with sessions in memory, driven by HTTP requests.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body::Body as _;
use patchcord::app::{AnswerBody, Config, Setup, StartError, Webhook};
use patchcord::chat::WebhookRequest;
use patchcord::chat::sessions::MemorySessions;
use patchcord::ground::clock::{Clock, Deadline, Timestamp};
use serde_json::Value;
use tokio::time::{Instant, timeout};

/// The time an invocation has: more than a test takes that has a real clock.
pub const INVOCATION: Duration = Duration::from_mins(2);

/// A function as Lambda would run it.
pub struct Function {
    pub webhook: Webhook,
    /// The time each invocation has.
    pub invocation: Duration,
    clock: Arc<dyn Clock>,
}

/// A response that has ended.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// Follows tokio's time, which a test can pause.
struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000) + self.0.elapsed()
    }
}

impl Function {
    /// A function with the channels and the bot that `build` adds.
    pub async fn start(build: impl FnOnce(Setup) -> Setup) -> Self {
        Self::start_with(Config::default(), build).await
    }

    /// The same with the channels of a configuration.
    pub async fn start_with(config: Config, build: impl FnOnce(Setup) -> Setup) -> Self {
        Self::try_start(config, build).await.unwrap()
    }

    /// The same, if it starts.
    pub async fn try_start(
        config: Config,
        build: impl FnOnce(Setup) -> Setup,
    ) -> Result<Self, StartError> {
        Self::try_start_at(Arc::new(TokioClock(Instant::now())), config, build).await
    }

    /// The same with a clock of one's own.
    pub async fn try_start_at(
        clock: Arc<dyn Clock>,
        config: Config,
        build: impl FnOnce(Setup) -> Setup,
    ) -> Result<Self, StartError> {
        let sessions = Arc::new(MemorySessions::new(Arc::clone(&clock)));
        let setup = build(Setup::new(config, sessions, Arc::clone(&clock)));
        Ok(Self { webhook: setup.webhook().await?, invocation: INVOCATION, clock })
    }

    /// When an invocation that starts now has to be done.
    pub fn deadline(&self) -> Deadline {
        self.deadline_in(self.invocation)
    }

    /// The end of an invocation that has `time` left.
    pub fn deadline_in(&self, time: Duration) -> Deadline {
        Deadline::after(time, self.clock.now())
    }

    /// The whole response to `request`.
    pub async fn handle(&self, request: WebhookRequest) -> Answer {
        let response = self.webhook.handle(request, self.deadline()).await;
        let (parts, mut body) = response.into_parts();
        let mut bytes = Vec::new();
        while let Some(piece) = piece(&mut body).await {
            bytes.extend_from_slice(&piece);
        }
        let body = String::from_utf8(bytes).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The next piece of a body; none at its end.
pub async fn piece(body: &mut AnswerBody) -> Option<Bytes> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
    let frame = timeout(INVOCATION * 2, frame).await.expect("the body to go on or to end")?;
    Some(frame.unwrap().into_data().unwrap())
}

/// A request with a body.
pub fn post(path: &str, body: &Value) -> WebhookRequest {
    Request::post(path).body(Bytes::from(body.to_string())).unwrap()
}
