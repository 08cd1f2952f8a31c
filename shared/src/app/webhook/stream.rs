//! Answers that are sent while the bot speaks: a line for each reply.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::Webhook;
use super::marks::{Answered, mark};
use crate::app::answer::AnswerBody;
use crate::chat::dispatcher::{AfterFailure, Begun, DispatchError, Dispatcher};
use crate::chat::output::{CollectingOutput, StreamingOutput, line};
use crate::chat::{Connector, Event};
use crate::ground::clock::Deadline;
use crate::ground::telemetry::Chain;

impl Webhook {
    /// Claims the first session before it answers, so that a refusal can still be a status; then
    /// the bot writes while the response is on its way.
    pub(super) async fn stream(
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
        let before = match &begun {
            Some(Begun::Seen(answer)) => Some(Answered::before(answer.clone())),
            _ => None,
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
        if let Some(before) = before {
            mark(&mut response, before.failure, before.duplicate);
        }
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
            for reply in Answered::before(answer).replies {
                let _ = lines.send(line(&reply));
            }
            return Ok(());
        }
    };
    let collected = Arc::new(CollectingOutput::new(Arc::clone(connector)));
    let output = StreamingOutput::new(Arc::clone(&collected), lines.clone());
    let answer = || Some(collected.said());
    dispatcher.finish(turn, Arc::new(output), |_| AfterFailure::CountAsAnswered, answer).await?;
    Ok(())
}
