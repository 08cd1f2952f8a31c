//! One call: attempts until there is an answer, or another one cannot help.

use std::error::Error as StdError;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use reqwest::RequestBuilder;
use serde_json::Value;

use super::answer::Answer;
use super::client::BotmaticApi;
use super::error::ApiError;
use crate::ground::clock::Deadline;
use crate::ground::http::{ExchangeError, Outage, bearer, exchange, percent_encode};
use crate::ground::retry::RetryPolicy;
use crate::ground::secret::Secret;

const POLICY: RetryPolicy = RetryPolicy {
    retries: 3,
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(5),
};
/// One attempt at a call about one thing.
const TIMEOUT: Duration = Duration::from_secs(10);
/// One attempt at a call about many.
const BULK_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
const MAX_BULK_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// A request as it is sent with every attempt.
pub(super) struct Call {
    method: Method,
    path: String,
    query: Option<String>,
    body: Option<(&'static str, Vec<u8>)>,
    /// Whether it makes something anew each time it is carried out.
    makes: bool,
    is_bulk: bool,
}

impl Call {
    /// A call that may be repeated, below the API's own path.
    pub fn new(method: Method, path: &str) -> Self {
        let path = format!("/api/{path}");
        Self { method, path, query: None, body: None, makes: false, is_bulk: false }
    }

    /// A call about one thing, by its id. There is none whose id would lead to another path.
    pub fn about(method: Method, path: &str, id: &str) -> Result<Self, ApiError> {
        match id {
            "" | "." | ".." => Err(ApiError::NotFound),
            id => Ok(Self::new(method, &format!("{path}/{}", percent_encode(id)))),
        }
    }

    /// It makes something: repeated only after an attempt that was certainly not carried out.
    pub fn making(self) -> Self {
        Self { makes: true, ..self }
    }

    /// It is about many things at once.
    pub fn bulk(self) -> Self {
        Self { is_bulk: true, ..self }
    }

    /// A parameter.
    pub fn query(self, name: &str, value: u32) -> Self {
        Self { query: Some(format!("{name}={value}")), ..self }
    }

    /// A JSON body.
    pub fn json(self, body: &Value) -> Self {
        Self { body: Some(("application/json", body.to_string().into_bytes())), ..self }
    }

    /// A form with one field.
    pub fn form(self, name: &str, value: &str) -> Self {
        let body = format!("{name}={}", percent_encode(value)).into_bytes();
        Self { body: Some(("application/x-www-form-urlencoded", body)), ..self }
    }
}

impl BotmaticApi {
    /// Makes the call with the token, again if that may help and cannot do harm.
    pub(super) async fn call(
        &self,
        token: &Secret,
        deadline: Deadline,
        call: &Call,
    ) -> Result<Answer, ApiError> {
        // A token that does not fit into a header is none of Botmatic's.
        let bearer = bearer(token).map_err(|_| ApiError::Unauthorized { status: 401 })?;
        self.repeat(Some(&bearer), deadline, call, Answer::check).await
    }

    /// Makes the call until `check` has something of its answer, or an error that stays.
    pub(super) async fn repeat<T>(
        &self,
        bearer: Option<&HeaderValue>,
        deadline: Deadline,
        call: &Call,
        check: impl Fn(Answer) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut retries = POLICY.start();
        // Whether an earlier attempt may have been carried out.
        let mut is_uncertain = false;
        loop {
            let answer = self.attempt(bearer, deadline, call).await;
            let error = match answer.and_then(&check) {
                // What is gone now was deleted by an earlier attempt.
                Err(ApiError::NotFound) if is_uncertain && call.method == Method::DELETE => {
                    return check(Answer::nothing());
                }
                Err(error) => error,
                done => return done,
            };
            is_uncertain |= error.may_have_happened();
            let may_repeat = error.is_retryable() && !(call.makes && is_uncertain);
            let left = self.parts.left(deadline);
            let pause = retries.next_pause(error.retry_after(), left, &self.parts.random);
            let Some(pause) = pause.filter(|_| may_repeat) else {
                return Err(if is_uncertain { error.after_uncertainty() } else { error });
            };
            let method = call.method.as_str();
            tracing::info!(method, error = &error as &dyn StdError, "asking Botmatic again");
            self.parts.sleep.sleep(pause).await;
        }
    }

    async fn attempt(
        &self,
        bearer: Option<&HeaderValue>,
        deadline: Deadline,
        call: &Call,
    ) -> Result<Answer, ApiError> {
        let left = self.parts.left(deadline);
        if left.is_zero() {
            return Err(unavailable(Outage::TimedOut, false));
        }
        let (timeout, max_bytes) = if call.is_bulk {
            (BULK_TIMEOUT, MAX_BULK_ANSWER_BYTES)
        } else {
            (TIMEOUT, MAX_ANSWER_BYTES)
        };
        let request = self.request(bearer, call).timeout(left.min(timeout));
        match exchange(request, max_bytes).await {
            Ok(answer) => Ok(Answer::read(&answer, self.parts.clock.now())),
            Err(ExchangeError::NoAnswer { outage, was_sent }) => Err(unavailable(outage, was_sent)),
            Err(ExchangeError::TooLong { .. }) => {
                Err(ApiError::Unreadable { expected: "a shorter answer" })
            }
        }
    }

    fn request(&self, bearer: Option<&HeaderValue>, call: &Call) -> RequestBuilder {
        let query = call.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{}{}{query}", self.base, call.path);
        let mut request = self.parts.client.request(call.method.clone(), url);
        request = request.header(ACCEPT, "application/json");
        if let Some(bearer) = bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        match &call.body {
            Some((kind, body)) => request.header(CONTENT_TYPE, *kind).body(body.clone()),
            None => request,
        }
    }
}

/// No answer. What was not sent cannot have been carried out.
fn unavailable(outage: Outage, may_have_happened: bool) -> ApiError {
    ApiError::Unavailable { outage, retry_after: None, may_have_happened }
}
