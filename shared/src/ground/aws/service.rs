//! One of AWS's services that speak JSON: signs, sends, repeats what may succeed.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{sleep, timeout};

use super::client::Aws;
use super::error::{CallError, Refusal};
use super::sign::{Signer, ToSign, header_value, host};
use crate::ground::random::Random;
use crate::ground::retry::RetryPolicy;

/// A call about a hundred items takes longer than one about one.
const BYTES_PER_EXTRA_SECOND: usize = 16 * 1024;
/// Three attempts.
const AGAIN: RetryPolicy = RetryPolicy {
    retries: 2,
    first_pause: Duration::from_millis(50),
    longest_pause: Duration::from_millis(100),
};

/// Of transactions that meet on an item all but one are cancelled, at once; each must get its turn.
const AFTER_CONFLICT: RetryPolicy = RetryPolicy {
    retries: 8,
    first_pause: Duration::from_millis(20),
    longest_pause: Duration::from_millis(320),
};

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// What distinguishes a service on the wire
/// (<https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html>).
#[derive(Clone, Copy, Debug)]
pub(super) struct Protocol {
    /// Its name in signatures and in its endpoint.
    pub service: &'static str,
    /// What stands before the operation in `x-amz-target`.
    pub target: &'static str,
    pub content_type: &'static str,
}

/// A client of one service; clones share everything.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    aws: Aws,
    protocol: Protocol,
    /// None without a region.
    endpoint: Option<Endpoint>,
    signer: Option<Signer>,
}

/// Where the service is.
struct Endpoint {
    url: Url,
    /// As it is signed.
    host: String,
}

impl Service {
    pub(super) fn new(
        aws: Aws,
        protocol: Protocol,
        endpoint: Option<Url>,
        signer: Option<Signer>,
    ) -> Self {
        let endpoint = endpoint.map(|url| Endpoint { host: host(&url), url });
        Self(Arc::new(Inner { aws, protocol, endpoint, signer }))
    }

    /// Calls `operation`, three times at most, each for the [time](Aws::attempt_time) of an attempt
    /// at most and a second more for every 16 KB of `input`; one that was cancelled for another
    /// transaction eight times more, with pauses of less than two seconds in all.
    ///
    /// A repeated call may have been carried out before, its answer lost: callers make their calls
    /// so that this does not matter, or tell it from the answer.
    pub async fn call<A: DeserializeOwned>(
        &self,
        operation: &'static str,
        input: &impl Serialize,
    ) -> Result<A, CallError> {
        let answer = self.answer(operation, input).await?;
        serde_json::from_slice(&answer).map_err(|_| CallError::Unreadable { operation })
    }

    /// The same for an operation that has nothing to answer: some services say so with `{}`, others
    /// with an empty body
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html>).
    pub async fn tell(
        &self,
        operation: &'static str,
        input: &impl Serialize,
    ) -> Result<(), CallError> {
        self.answer(operation, input).await.map(|_| ())
    }

    async fn answer(
        &self,
        operation: &'static str,
        input: &impl Serialize,
    ) -> Result<Bytes, CallError> {
        let body = serde_json::to_vec(input).map_err(|_| CallError::Unreadable { operation })?;
        self.repeat(operation, &body.into()).await
    }

    /// For the jitter of what is called again by its callers.
    pub(super) fn random(&self) -> &Random {
        &self.0.aws.random
    }

    async fn repeat(&self, operation: &'static str, body: &Bytes) -> Result<Bytes, CallError> {
        let (mut retries, mut conflicts) = (AGAIN.start(), AFTER_CONFLICT.start());
        let extra = Duration::from_secs((body.len() / BYTES_PER_EXTRA_SECOND) as u64);
        let time = self.0.aws.attempt_time + extra;
        loop {
            let answer = timeout(time, self.attempt(operation, body.clone())).await;
            let error = match answer.unwrap_or(Err(CallError::TimedOut { operation })) {
                Err(error) if error.is_retryable() => error,
                answer => return answer,
            };
            let retries = if error.is_conflict() { &mut conflicts } else { &mut retries };
            match retries.next_pause(None, Duration::MAX, self.random()) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            }
        }
    }

    async fn attempt(&self, operation: &'static str, body: Bytes) -> Result<Bytes, CallError> {
        let no_answer = |source| CallError::NoAnswer { operation, source };
        let endpoint = self.0.endpoint.as_ref().ok_or(CallError::NoRegion)?;
        let mut request = reqwest::Request::new(http::Method::POST, endpoint.url.clone());
        *request.headers_mut() = self.headers(operation, &endpoint.host, &body)?;
        *request.body_mut() = Some(body.into());
        let response = self.0.aws.http.execute(request).await.map_err(no_answer)?;
        let status = response.status();
        let body = response.bytes().await.map_err(no_answer)?;
        if status.is_success() {
            return Ok(body);
        }
        Err(CallError::Refused { operation, refusal: Box::new(Refusal::read(status, &body)) })
    }

    /// Signed anew for every attempt: AWS refuses a signature after five minutes.
    fn headers(
        &self,
        operation: &'static str,
        host: &str,
        body: &[u8],
    ) -> Result<HeaderMap, CallError> {
        let signer = self.0.signer.as_ref().ok_or(CallError::NoCredentials)?;
        let Protocol { target, content_type, .. } = self.0.protocol;
        let target = [target, operation].join(".");
        let plain = [("content-type", content_type), ("host", host), ("x-amz-target", &target)];
        let request = ToSign { method: "POST", path: "/", headers: &plain, body };
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(TARGET, header_value(&target)?);
        signer.authorize(&mut headers, request, self.0.aws.clock.now())?;
        Ok(headers)
    }
}
