//! One attempt at one request: in its turn, in time, and read to its end.

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::answer::Answer;
use super::request::Prepared;
use crate::contacts::consumer::{ConsumerError, Operation, Outage, Tenant};
use crate::contacts::limiter::Limiter;
use crate::ground;
use crate::ground::http::{ExchangeError, HttpParts, exchange};
use crate::ground::retry::{RetryPolicy, retry_after};

/// The longest answer that is read.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Makes attempts.
pub(super) struct Transport {
    pub parts: HttpParts,
    pub timeout: Duration,
    pub policy: RetryPolicy,
    pub retry_after: Vec<HeaderName>,
    pub limiter: Option<Limiter>,
}

/// What proves whose a request is. It has no `Debug`.
pub(super) enum Credential {
    None,
    Header(HeaderName, HeaderValue),
    Basic(String, String),
}

impl Transport {
    /// The time left for attempts and pauses.
    pub fn left(&self, tenant: &Tenant<'_>) -> Duration {
        self.parts.left(tenant.deadline)
    }

    /// Sends the request once, when it is its turn.
    pub async fn attempt(
        &self,
        tenant: &Tenant<'_>,
        operation: Operation,
        prepared: &Prepared,
        credential: &Credential,
    ) -> Result<Answer, ConsumerError> {
        self.wait_for_turn(tenant).await?;
        let left = self.left(tenant);
        if left.is_zero() {
            return Err(unavailable(Outage::TimedOut, false));
        }
        let client = &self.parts.client;
        let mut request = client.request(prepared.method.clone(), prepared.url.clone());
        request = request.timeout(left.min(self.timeout)).header(ACCEPT, "application/json");
        let mut headers = prepared.headers.clone();
        if let Some((kind, body)) = &prepared.body {
            // The configuration may name it more exactly, as `application/vnd.api+json`.
            headers.entry(CONTENT_TYPE).or_insert_with(|| kind.clone());
            request = request.body(body.clone());
        }
        request = request.headers(headers);
        request = match credential {
            Credential::None => request,
            Credential::Header(name, value) => request.header(name, value),
            Credential::Basic(user, password) => request.basic_auth(user, Some(password)),
        };
        let answer = exchange(request, MAX_ANSWER_BYTES).await;
        Ok(self.read(&answer.map_err(|error| failure(operation, error))?))
    }

    async fn wait_for_turn(&self, tenant: &Tenant<'_>) -> Result<(), ConsumerError> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        let now = self.parts.clock.now();
        let wait = limiter
            .take(tenant.integration, now, self.left(tenant))
            .map_err(|wait| ConsumerError::RateLimited { retry_after: Some(wait) })?;
        if !wait.is_zero() {
            self.parts.sleep.sleep(wait).await;
        }
        Ok(())
    }

    fn read(&self, answer: &ground::http::Answer) -> Answer {
        let asked = self.retry_after.iter().find_map(|name| answer.headers.get(name));
        let asked = asked.and_then(|value| value.to_str().ok());
        let retry_after = asked.and_then(|text| retry_after(text, self.parts.clock.now()));
        let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        Answer { status: answer.status, retry_after, body }
    }
}

/// No answer. What was not sent cannot have been carried out.
pub(super) fn unavailable(outage: Outage, may_have_happened: bool) -> ConsumerError {
    ConsumerError::Unavailable { outage, retry_after: None, may_have_happened }
}

fn failure(operation: Operation, error: ExchangeError) -> ConsumerError {
    match error {
        ExchangeError::NoAnswer { outage, was_sent } => unavailable(outage, was_sent),
        ExchangeError::TooLong { max_bytes } => {
            ConsumerError::Unreadable { operation, expected: format!("at most {max_bytes} bytes") }
        }
    }
}
