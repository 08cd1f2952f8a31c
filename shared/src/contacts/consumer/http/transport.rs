//! One attempt at one request: in its turn, in time, and read to its end.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use reqwest::Response;
use serde_json::Value;

use super::answer::Answer;
use super::limiter::Limiter;
use super::request::Prepared;
use crate::contacts::consumer::{ConsumerError, Operation, Outage, Tenant};
use crate::ground::clock::Clock;
use crate::ground::random::Random;
use crate::ground::retry::{RealSleep, RetryPolicy, Sleep, retry_after};

/// The longest answer that is read.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// Kept back of the tenant's time, so that the caller can still report what happened.
const MARGIN: Duration = Duration::from_millis(50);

/// What a consumer needs of the process it runs in.
#[derive(Clone)]
pub struct ConsumerParts {
    /// The HTTP client of the function.
    pub client: reqwest::Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Jitter.
    pub random: Arc<Random>,
    /// How pauses are made.
    pub sleep: Arc<dyn Sleep>,
}

impl ConsumerParts {
    /// The parts of a function.
    pub fn new(client: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        let random = Arc::new(Random::from_entropy());
        Self { client, clock, random, sleep: Arc::new(RealSleep) }
    }
}

/// Makes attempts.
pub(super) struct Transport {
    pub parts: ConsumerParts,
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
        tenant.deadline.remaining(self.parts.clock.now()).saturating_sub(MARGIN)
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
        request = request.headers(prepared.headers.clone());
        if let Some((kind, body)) = &prepared.body {
            request = request.header(CONTENT_TYPE, kind).body(body.clone());
        }
        request = match credential {
            Credential::None => request,
            Credential::Header(name, value) => request.header(name, value),
            Credential::Basic(user, password) => request.basic_auth(user, Some(password)),
        };
        let response = request.send().await.map_err(outage)?;
        self.read(operation, response).await
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

    async fn read(
        &self,
        operation: Operation,
        mut response: Response,
    ) -> Result<Answer, ConsumerError> {
        let status = response.status();
        let headers = response.headers();
        let asked = self.retry_after.iter().find_map(|name| headers.get(name));
        let asked = asked.and_then(|value| value.to_str().ok());
        let retry_after = asked.and_then(|text| retry_after(text, self.parts.clock.now()));
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(outage)? {
            if body.len() + piece.len() > MAX_ANSWER_BYTES {
                let expected = format!("at most {MAX_ANSWER_BYTES} bytes");
                return Err(ConsumerError::Unreadable { operation, expected });
            }
            body.extend_from_slice(&piece);
        }
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Ok(Answer { status, retry_after, body })
    }
}

/// No answer. What was not sent cannot have been carried out.
pub(super) fn unavailable(outage: Outage, may_have_happened: bool) -> ConsumerError {
    ConsumerError::Unavailable { outage, retry_after: None, may_have_happened }
}

fn outage(error: reqwest::Error) -> ConsumerError {
    let was_sent = !error.is_connect() && !error.is_builder();
    if was_sent && error.is_timeout() {
        return unavailable(Outage::TimedOut, true);
    }
    unavailable(Outage::Connection(error.without_url()), was_sent)
}
