//! Answers that are sent when everything is said: the replies as an array, or the platform's
//! acknowledgement where they went through it.

use std::sync::Arc;

use http::{Response, StatusCode};
use serde_json::Value;

use super::Webhook;
use super::marks::{Answered, mark};
use crate::app::answer::{AnswerBody, json_answer};
use crate::chat::dispatcher::{AfterFailure, Begun, DispatchError, OnFailure};
use crate::chat::output::CollectingOutput;
use crate::chat::{AnswerMode, Connector, Event, Received};
use crate::ground::clock::Deadline;

impl Webhook {
    /// Answers every event, also after one of another conversation that could not be: the sender
    /// repeats the request, and those that were answered are then recognised.
    pub(super) async fn collect(
        &self,
        received: Received,
        connector: &Arc<dyn Connector>,
        deadline: Deadline,
        mode: AnswerMode,
    ) -> Result<Response<AnswerBody>, DispatchError> {
        let mut all = Answered { replies: Vec::new(), failure: None, duplicate: None };
        let mut failed = None;
        // What comes after an event that waits for its repetition waits as well, or the two would
        // be answered in the wrong order.
        let mut waiting = Vec::new();
        for event in received.events {
            let key = connector.session_key(&event);
            if key.is_some() && waiting.contains(&key) {
                continue;
            }
            match self.answer(event, connector, deadline, mode).await {
                Ok(answered) => {
                    all.replies.extend(answered.replies);
                    all.failure = all.failure.or(answered.failure);
                    all.duplicate = all.duplicate.or(answered.duplicate);
                }
                Err(error) => {
                    waiting.push(key);
                    failed = failed.or(Some(error));
                }
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let Answered { replies, failure, duplicate } = all;
        let mut response = match mode {
            AnswerMode::Platform => received.acknowledgement.map(AnswerBody::from),
            _ => json_answer(StatusCode::OK, &Value::Array(replies)),
        };
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
        if mode == AnswerMode::Platform {
            let on_failure = OnFailure::CountAsAnswered;
            let outcome = self.dispatcher.answer(event, connector, deadline, on_failure).await?;
            return Ok(outcome.into());
        }
        let has_id = event.id.is_some();
        let turn = match self.dispatcher.begin(event, Arc::clone(connector), deadline).await? {
            Begun::Ready(turn) => *turn,
            Begun::Seen(answer) => return Ok(Answered::before(answer)),
        };
        let output = Arc::new(CollectingOutput::new(Arc::clone(connector)));
        let answer = || has_id.then(|| output.said());
        let failure = self
            .dispatcher
            .finish(turn, output.clone(), |_| AfterFailure::CountAsAnswered, answer)
            .await?;
        Ok(Answered { replies: output.said(), failure, duplicate: None })
    }
}
