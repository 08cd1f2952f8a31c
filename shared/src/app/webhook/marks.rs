//! What cannot be seen from the replies, as headers: that the bot did not finish, that the event was
//! answered before.

use http::Response;
use http::header::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::app::answer::AnswerBody;
use crate::chat::dispatcher::Outcome;
use crate::chat::sessions::{Answer, Failure};

/// Says that the bot did not finish, and why: a [`Failure`].
const FAILURE: HeaderName = HeaderName::from_static("patchcord-failure");
/// Says that the event was answered before: `repeated` where the answer is that answer again,
/// `forgotten` where it is no longer remembered.
const DUPLICATE: HeaderName = HeaderName::from_static("patchcord-duplicate");

/// What became of one event.
pub(super) struct Answered {
    pub replies: Vec<Value>,
    pub failure: Option<Failure>,
    pub duplicate: Option<&'static str>,
}

impl Answered {
    /// What became of an event that was answered before.
    pub(super) fn before(answer: Option<Answer>) -> Self {
        let duplicate = Some(if answer.is_some() { "repeated" } else { "forgotten" });
        let Answer { replies, failure } = answer.unwrap_or_default();
        Self { replies, failure, duplicate }
    }
}

impl From<Outcome> for Answered {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::AlreadyAnswered => Self::before(None),
            Outcome::Answered(failure) => Self { replies: Vec::new(), failure, duplicate: None },
        }
    }
}

/// Says it in headers.
pub(super) fn mark(
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
