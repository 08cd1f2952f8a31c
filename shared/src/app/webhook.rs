//! The webhook function: health, receive and send, for every channel.

mod collect;
mod marks;
mod queued;
mod send;
mod stream;

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, Response, StatusCode};
use serde_json::json;

use super::answer::{AnswerBody, json_answer};
use super::channel::Channel;
use super::problem::{not_answered, problem, refused, wrong_method};
use super::routes::{Route, route};
use crate::chat::dispatcher::{DispatchError, Dispatcher};
use crate::chat::queue::EventQueue;
use crate::chat::{AnswerMode, Connector, Delivery, Event, Received, RequestError, WebhookRequest};
use crate::ground::clock::{Clock, Deadline, Timestamp};
use crate::ground::metrics::Metric;
use crate::ground::telemetry::Chain;

pub use crate::chat::connector::MAX_BODY_BYTES;

/// The webhook function without the Lambda around it.
pub struct Webhook {
    pub(super) channels: BTreeMap<String, Channel>,
    pub(super) clock: Arc<dyn Clock>,
    dispatcher: Arc<Dispatcher>,
    queue: Option<EventQueue>,
}

impl Webhook {
    /// A function for these channels. Those whose events are queued need a queue.
    pub(super) fn new(
        channels: BTreeMap<String, Channel>,
        dispatcher: Dispatcher,
        queue: Option<EventQueue>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { channels, clock, dispatcher: Arc::new(dispatcher), queue }
    }

    /// Answers one request, before `deadline`.
    pub async fn handle(
        &self,
        request: WebhookRequest,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let Some(route) = route(request.uri().path()) else {
            let expected = "expected /webhooks/{channel}/, /webhooks/{channel}/webhook or \
                            /webhooks/{channel}/send";
            return problem(StatusCode::NOT_FOUND, expected);
        };
        let (Route::Health { channel: name }
        | Route::Receive { channel: name }
        | Route::Send { channel: name }) = route;
        let Some((name, channel)) = self.channels.get_key_value(name) else {
            return problem(StatusCode::NOT_FOUND, "expected the name of a configured channel");
        };
        match (route, request.method()) {
            (Route::Health { .. }, &Method::GET) => {
                json_answer(StatusCode::OK, &json!({ "status": "ok" }))
            }
            (Route::Health { .. }, _) => wrong_method("GET"),
            (Route::Receive { .. }, &Method::POST) => {
                self.receive(&request, name, channel, deadline).await
            }
            (Route::Receive { .. }, &Method::GET) => {
                match channel.connector.handshake(&request).await {
                    Some(answer) => answer.map_or_else(
                        |error| refuse(name, &error),
                        |answer| answer.map(AnswerBody::from),
                    ),
                    None => wrong_method("POST"),
                }
            }
            (Route::Send { .. }, &Method::POST) => {
                self.send(&request, name, channel, deadline).await
            }
            (Route::Receive { .. } | Route::Send { .. }, _) => wrong_method("POST"),
        }
    }

    async fn receive(
        &self,
        request: &WebhookRequest,
        name: &str,
        channel: &Channel,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let connector = &channel.connector;
        let received = match self.read(request, name, connector.as_ref()).await {
            Ok(received) => received,
            Err(error) => return refuse(name, &error),
        };
        let result = match (connector.answer_mode(request), channel.delivery) {
            (AnswerMode::Platform, Delivery::Queued) => {
                return self.queue(received, name, connector.as_ref(), deadline).await;
            }
            (AnswerMode::Streamed, _) => self.stream(received.events, connector, deadline).await,
            (mode, _) => self.collect(received, connector, deadline, mode).await,
        };
        result.unwrap_or_else(|error| {
            if matches!(error, DispatchError::KeyTooLong) {
                tracing::info!(channel = name, error = %Chain(&error), "request refused");
            } else {
                tracing::error!(channel = name, error = %Chain(&error), "event not answered");
            }
            not_answered(&error)
        })
    }

    /// Verifies a request, and only then looks into it.
    async fn read(
        &self,
        request: &WebhookRequest,
        channel: &str,
        connector: &dyn Connector,
    ) -> Result<Received, RequestError> {
        let now = self.clock.now();
        let limit = connector.max_body_bytes();
        if request.body().len() > limit {
            return Err(RequestError::TooLarge { limit });
        }
        connector.verify(request, now).await?;
        let mut received = connector.map_request(request).await?;
        for (metric, count) in [
            (Metric::IgnoredEvents, received.ignored),
            (Metric::MalformedEvents, received.malformed),
        ] {
            if count > 0 {
                self.dispatcher.count(metric, channel, count as u64);
            }
        }
        for event in &mut received.events {
            channel.clone_into(&mut event.channel);
            if event.timestamp == Timestamp::default() {
                event.timestamp = now;
            }
            connector.extend_event(event);
        }
        received.events = tell_apart(received.events, connector);
        Ok(received)
    }
}

fn refuse(channel: &str, error: &RequestError) -> Response<AnswerBody> {
    tracing::info!(channel, error = %Chain(error), "request refused");
    refused(error)
}

/// Leaves out what a request tells twice. Other events of one conversation that share an id, such
/// as the attachments of one message, get ids of their own; otherwise the second would be taken for
/// the first once more.
fn tell_apart(events: Vec<Event>, connector: &dyn Connector) -> Vec<Event> {
    if events.len() < 2 {
        return events;
    }
    let mut told = Vec::<Event>::new();
    let mut seen = BTreeMap::<(Option<String>, String), Vec<usize>>::new();
    for mut event in events {
        if let Some(id) = event.id.clone() {
            let same = seen.entry((connector.session_key(&event), id.clone())).or_default();
            let is_repeated = |at: &usize| {
                told.get(*at).is_some_and(|it| it.kind == event.kind && it.raw == event.raw)
            };
            if same.iter().any(is_repeated) {
                continue;
            }
            same.push(told.len());
            if same.len() > 1 {
                event.id = Some(format!("{id}#{}", same.len()));
            }
        }
        told.push(event);
    }
    told
}
