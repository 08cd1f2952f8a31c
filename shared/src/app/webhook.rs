//! The webhook function: health and receive, for every channel.

mod collect;
mod marks;
mod stream;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::answer::AnswerBody;
use super::problem::{not_answered, problem, refused, wrong_method};
use super::routes::{Route, route};
use crate::chat::dispatcher::{DispatchError, Dispatcher};
use crate::chat::{AnswerMode, Connector, Event, RequestError, WebhookRequest};
use crate::ground::clock::{Clock, Deadline, Timestamp};
use crate::ground::telemetry::Chain;

/// The largest body that is read.
pub const MAX_BODY_BYTES: usize = 1_000_000;

/// The webhook function without the Lambda around it.
pub struct Webhook {
    pub(super) channels: BTreeMap<String, Arc<dyn Connector>>,
    pub(super) clock: Arc<dyn Clock>,
    dispatcher: Arc<Dispatcher>,
}

impl Webhook {
    /// A function for these channels.
    pub fn new(
        channels: BTreeMap<String, Arc<dyn Connector>>,
        dispatcher: Dispatcher,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { channels, clock, dispatcher: Arc::new(dispatcher) }
    }

    /// Answers one request, before `deadline`.
    pub async fn handle(
        &self,
        request: WebhookRequest,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let Some(route) = route(request.uri().path()) else {
            let expected = "expected /webhooks/{channel}/ or /webhooks/{channel}/webhook";
            return problem(StatusCode::NOT_FOUND, expected);
        };
        let (Route::Health { channel } | Route::Receive { channel }) = route;
        let Some((channel, connector)) = self.channels.get_key_value(channel) else {
            return problem(StatusCode::NOT_FOUND, "expected the name of a configured channel");
        };
        match route {
            Route::Health { .. } if request.method() != Method::GET => wrong_method("GET"),
            Route::Receive { .. } if request.method() != Method::POST => wrong_method("POST"),
            Route::Health { .. } => json_answer(&json!({ "status": "ok" })),
            Route::Receive { .. } => self.receive(&request, channel, connector, deadline).await,
        }
    }

    async fn receive(
        &self,
        request: &WebhookRequest,
        channel: &str,
        connector: &Arc<dyn Connector>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let mut events = match self.read(request, connector.as_ref()) {
            Ok(events) => events,
            Err(error) => {
                tracing::info!(channel, error = %Chain(&error), "request refused");
                return refused(&error);
            }
        };
        for event in &mut events {
            channel.clone_into(&mut event.channel);
        }
        let result = match connector.answer_mode(request) {
            AnswerMode::Streamed => self.stream(events, connector, deadline).await,
            mode => self.collect(events, connector, deadline, mode).await,
        };
        result.unwrap_or_else(|error| {
            if matches!(error, DispatchError::KeyTooLong) {
                tracing::info!(channel, error = %Chain(&error), "request refused");
            } else {
                tracing::error!(channel, error = %Chain(&error), "event not answered");
            }
            not_answered(&error)
        })
    }

    /// Verifies a request, and only then looks into it.
    fn read(
        &self,
        request: &WebhookRequest,
        connector: &dyn Connector,
    ) -> Result<Vec<Event>, RequestError> {
        connector.verify(request)?;
        if request.body().len() > MAX_BODY_BYTES {
            return Err(RequestError::TooLarge { limit: MAX_BODY_BYTES });
        }
        let mut events = connector.map_request(request)?;
        tell_apart(&mut events);
        let now = self.clock.now();
        for event in events.iter_mut().filter(|event| event.timestamp == Timestamp::default()) {
            event.timestamp = now;
        }
        Ok(events)
    }
}

/// Gives events of one request that share an id, such as the attachments of one message, ids of
/// their own; otherwise the second would be taken for the first once more.
fn tell_apart(events: &mut [Event]) {
    let mut seen = BTreeMap::<String, u32>::new();
    for id in events.iter_mut().filter_map(|event| event.id.as_mut()) {
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *id = format!("{id}#{count}");
        }
    }
}

fn json_answer(body: &Value) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::from(Bytes::from(body.to_string())));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
