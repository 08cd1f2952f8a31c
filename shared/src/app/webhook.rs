//! The webhook function: health and receive, for every channel.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::answer::AnswerBody;
use super::problem::{not_answered, problem, refused, wrong_method};
use super::routes::{Route, route};
use crate::chat::dispatcher::{Begun, DispatchError, Dispatcher};
use crate::chat::output::{CollectingOutput, PlatformOutput, StreamingOutput, line};
use crate::chat::sessions::{Answer, Failure};
use crate::chat::{AnswerMode, Connector, Event, RequestError, WebhookRequest};
use crate::ground::clock::{Clock, Deadline, Timestamp};
use crate::ground::telemetry::Chain;

/// The largest body that is read.
pub const MAX_BODY_BYTES: usize = 1_000_000;

/// Says that the bot did not finish, and why: a [`Failure`].
const FAILURE: HeaderName = HeaderName::from_static("patchcord-failure");
/// Says that the event was answered before: `repeated` where the answer is that answer again,
/// `forgotten` where it is no longer remembered.
const DUPLICATE: HeaderName = HeaderName::from_static("patchcord-duplicate");

/// The webhook function without the Lambda around it.
pub struct Webhook {
    pub(super) channels: BTreeMap<String, Arc<dyn Connector>>,
    pub(super) clock: Arc<dyn Clock>,
    dispatcher: Arc<Dispatcher>,
}

/// What became of one event.
struct Answered {
    replies: Vec<Value>,
    failure: Option<Failure>,
    duplicate: Option<&'static str>,
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
        let now = self.clock.now();
        for event in events.iter_mut().filter(|event| event.timestamp == Timestamp::default()) {
            event.timestamp = now;
        }
        Ok(events)
    }

    /// Answers every event, also after one that could not be: the sender repeats the request, and
    /// those that were answered are then recognised.
    async fn collect(
        &self,
        events: Vec<Event>,
        connector: &Arc<dyn Connector>,
        deadline: Deadline,
        mode: AnswerMode,
    ) -> Result<Response<AnswerBody>, DispatchError> {
        let mut all = Answered { replies: Vec::new(), failure: None, duplicate: None };
        let mut failed = None;
        for event in events {
            match self.answer(event, connector, deadline, mode).await {
                Ok(answered) => {
                    all.replies.extend(answered.replies);
                    all.failure = all.failure.or(answered.failure);
                    all.duplicate = all.duplicate.or(answered.duplicate);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let Answered { replies, failure, duplicate } = all;
        let mut response = json_answer(&Value::Array(replies));
        mark(&mut response, failure, duplicate);
        Ok(response)
    }

    async fn answer(
        &self,
        event: Event,
        connector: &Arc<dyn Connector>,
        deadline: Deadline,
        mode: AnswerMode,
    ) -> Result<Answered, DispatchError> {
        let has_id = event.id.is_some();
        let turn = match self.dispatcher.begin(event, Arc::clone(connector), deadline).await? {
            Begun::Ready(turn) => *turn,
            Begun::Seen(answer) => return Ok(seen(answer)),
        };
        if mode == AnswerMode::Platform {
            let output = Arc::new(PlatformOutput(Arc::clone(connector)));
            let failure = self.dispatcher.finish(turn, output, || None).await?;
            return Ok(Answered { replies: Vec::new(), failure, duplicate: None });
        }
        let output = Arc::new(CollectingOutput::new(Arc::clone(connector)));
        let said = || has_id.then(|| output.said());
        let failure = self.dispatcher.finish(turn, output.clone(), said).await?;
        Ok(Answered { replies: output.said(), failure, duplicate: None })
    }

    /// Claims the first session before it answers, so that a refusal can still be a status; then
    /// the bot writes while the response is on its way.
    async fn stream(
        &self,
        events: Vec<Event>,
        connector: &Arc<dyn Connector>,
        deadline: Deadline,
    ) -> Result<Response<AnswerBody>, DispatchError> {
        let mut events = events.into_iter();
        let mut begun = match events.next() {
            Some(event) => {
                Some(self.dispatcher.begin(event, Arc::clone(connector), deadline).await?)
            }
            None => None,
        };
        let (failure, duplicate) = match &begun {
            Some(Begun::Seen(answer)) => (
                answer.as_ref().and_then(|answer| answer.failure),
                Some(duplicate(answer.as_ref())),
            ),
            _ => (None, None),
        };
        let (lines, body) = unbounded_channel();
        let (dispatcher, connector) = (Arc::clone(&self.dispatcher), Arc::clone(connector));
        tokio::spawn(async move {
            while let Some(current) = begun.take() {
                let streamed = stream_event(&dispatcher, &connector, current, &lines).await;
                let next = match (streamed, events.next()) {
                    (Ok(()), Some(event)) => {
                        dispatcher.begin(event, Arc::clone(&connector), deadline).await.map(Some)
                    }
                    (streamed, _) => streamed.map(|()| None),
                };
                begun = next.unwrap_or_else(|error| {
                    // The status is out; a repeated request finds the event unanswered.
                    tracing::error!(error = %Chain(&error), "event not answered");
                    None
                });
            }
            // An empty line ends the body, also if the bot keeps its context somewhere.
            let _ = lines.send(Bytes::new());
        });
        let mut response = Response::new(AnswerBody::Lines(body));
        let stream = HeaderValue::from_static("text/event-stream");
        response.headers_mut().insert(CONTENT_TYPE, stream);
        mark(&mut response, failure, duplicate);
        Ok(response)
    }
}

async fn stream_event(
    dispatcher: &Dispatcher,
    connector: &Arc<dyn Connector>,
    begun: Begun,
    lines: &UnboundedSender<Bytes>,
) -> Result<(), DispatchError> {
    let turn = match begun {
        Begun::Ready(turn) => *turn,
        Begun::Seen(answer) => {
            for reply in seen(answer).replies {
                let _ = lines.send(line(&reply));
            }
            return Ok(());
        }
    };
    let collected = Arc::new(CollectingOutput::new(Arc::clone(connector)));
    let output = StreamingOutput::new(Arc::clone(&collected), lines.clone());
    dispatcher.finish(turn, Arc::new(output), || Some(collected.said())).await?;
    Ok(())
}

fn seen(answer: Option<Answer>) -> Answered {
    let duplicate = Some(duplicate(answer.as_ref()));
    let Answer { replies, failure } = answer.unwrap_or_default();
    Answered { replies, failure, duplicate }
}

const fn duplicate(answer: Option<&Answer>) -> &'static str {
    if answer.is_some() { "repeated" } else { "forgotten" }
}

/// Says in headers what cannot be seen from the replies.
fn mark(
    response: &mut Response<AnswerBody>,
    failure: Option<Failure>,
    duplicate: Option<&'static str>,
) {
    let headers = response.headers_mut();
    if let Some(failure) = failure {
        headers.insert(FAILURE, HeaderValue::from_static(failure.as_str()));
    }
    if let Some(duplicate) = duplicate {
        headers.insert(DUPLICATE, HeaderValue::from_static(duplicate));
    }
}

fn json_answer(body: &Value) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::from(Bytes::from(body.to_string())));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
