//! Calls of a platform's own API, with what statuses mean on every platform.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::RETRY_AFTER;
use reqwest::RequestBuilder;

use crate::chat::SendError;
use crate::ground::http::{Answer, ExchangeError, Outage, exchange};

/// No platform takes longer than this for a message that it takes at all. Uploads of large files
/// may.
const LONGEST: Duration = Duration::from_secs(20);
/// Answers are short; this much of one is read.
const MAX_ANSWER_BYTES: usize = 1_000_000;
/// How long to wait where a platform asks to slow down and does not say for how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);

/// Longer than that nothing waits that is said.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// Sends `request` once, within `remaining`. What is neither an outage nor a wish to slow down is
/// an answer, and what it means is the platform's business.
pub async fn call(request: RequestBuilder, remaining: Duration) -> Result<Answer, SendError> {
    call_reading(request, remaining, |_| None).await
}

/// The same for a platform that says in the body of its answer how long to wait: `retry_after`
/// finds it there. Where it does not, the header counts.
pub async fn call_reading(
    request: RequestBuilder,
    remaining: Duration,
    retry_after: impl FnOnce(&[u8]) -> Option<Duration>,
) -> Result<Answer, SendError> {
    let request = request.timeout(remaining.min(LONGEST));
    let failed = |error| SendError::Failed(Box::new(error));
    let answer = exchange(request, MAX_ANSWER_BYTES).await.map_err(failed)?;
    let seconds = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds: Option<u64> = seconds.and_then(|seconds| seconds.trim().parse().ok());
    let wanted = retry_after(&answer.body).or(seconds.map(Duration::from_secs));
    let wanted = wanted.map(|wanted| wanted.min(LONGEST_PAUSE));
    match (answer.status, wanted) {
        (StatusCode::TOO_MANY_REQUESTS, wanted) => {
            Err(SendError::RateLimited { retry_after: wanted.unwrap_or(DEFAULT_PAUSE) })
        }
        // <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
        (StatusCode::SERVICE_UNAVAILABLE, Some(retry_after)) => {
            Err(SendError::RateLimited { retry_after })
        }
        (status, _) if status.is_server_error() => {
            Err(SendError::Failed(Outage::Status(status.as_u16()).into()))
        }
        _ => Ok(answer),
    }
}

/// Gets a file of `limit` bytes at most from where a platform keeps it.
pub async fn download(request: RequestBuilder, limit: usize) -> Result<Bytes, SendError> {
    let answer = exchange(request.timeout(LONGEST), limit).await.map_err(|error| match error {
        ExchangeError::TooLong { max_bytes } => {
            SendError::Refused { reason: format!("the file has more than {max_bytes} bytes") }
        }
        error @ ExchangeError::NoAnswer { .. } => SendError::Failed(Box::new(error)),
    })?;
    match answer.status {
        status if status.is_success() => Ok(answer.body.into()),
        status if status.is_server_error() => {
            Err(SendError::Failed(Outage::Status(status.as_u16()).into()))
        }
        status => Err(SendError::Refused { reason: format!("no file: status {status}") }),
    }
}
