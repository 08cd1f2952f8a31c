//! Answers of the function `botmatic`.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::app::answer::{AnswerBody, answer_of_type, json_answer};
use crate::app::problem::{self, problem};
use crate::botmatic::integrations::IntegrationError;
use crate::contacts::sync::Outcome;
use crate::ground::telemetry::Chain;

/// How long to wait where nobody knows better.
const RETRY: Duration = Duration::from_secs(1);

/// What Botmatic is answered where it expects a text, as for a token that is refused.
pub(super) fn text(status: StatusCode, text: &str) -> Response<AnswerBody> {
    answer_of_type(status, "text/plain; charset=utf-8", text.to_owned())
}

/// It was not done, and the sender has to try again.
pub(super) fn retry_later(after: Option<Duration>, detail: &str) -> Response<AnswerBody> {
    problem::retry_later(after.unwrap_or(RETRY).as_secs().max(1), detail)
}

/// The integration could not be looked up, and nothing was done.
pub(super) fn not_looked_up(error: &IntegrationError) -> Response<AnswerBody> {
    tracing::error!(error = %Chain(error), "looking up the integration failed");
    retry_later(None, "the integration could not be looked up")
}

/// What became of a contact, for the external side. `done` is what it is answered if it was done; a
/// contact that was there already was not created.
pub(super) fn outcome(outcome: &Outcome, done: StatusCode) -> Response<AnswerBody> {
    let detail = outcome.error().unwrap_or_default();
    match outcome {
        Outcome::NotFound => problem(StatusCode::NOT_FOUND, &detail),
        Outcome::Conflict => problem(StatusCode::CONFLICT, &detail),
        Outcome::Rejected(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, &detail),
        Outcome::RetryLater { after, .. } => retry_later(*after, &detail),
        Outcome::Unchanged(_) => json_answer(StatusCode::OK, &as_json(outcome)),
        Outcome::Done { .. } | Outcome::Adopted { .. } if done == StatusCode::NO_CONTENT => {
            let mut response = Response::new(AnswerBody::from(Bytes::new()));
            *response.status_mut() = done;
            response
        }
        Outcome::Done { is_new: false, .. } if done == StatusCode::CREATED => {
            json_answer(StatusCode::OK, &as_json(outcome))
        }
        Outcome::Done { .. } | Outcome::Adopted { .. } => json_answer(done, &as_json(outcome)),
    }
}

/// The same as an item of a list, and as `data` of the answer to Botmatic.
pub(super) fn as_json(outcome: &Outcome) -> Value {
    let mut item = json!({ "success": outcome.is_success(), "outcome": outcome.name() });
    if let Outcome::Done { botmatic, external, .. } | Outcome::Adopted { botmatic, external } =
        outcome
    {
        item["contact_id"] = json!(botmatic);
        item["external_id"] = json!(external);
    }
    if let Some(error) = outcome.error() {
        item["error"] = json!(error);
    }
    item
}
