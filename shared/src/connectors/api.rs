//! Calls of a platform's own API, with what statuses mean on every platform.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
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

/// Sends `request` once, within `remaining`. What is neither an outage nor a wish to slow down is
/// an answer, and what it means is the platform's business.
pub async fn call(request: RequestBuilder, remaining: Duration) -> Result<Answer, SendError> {
    send(request, remaining, MAX_ANSWER_BYTES).await
}

/// Gets a file of `limit` bytes at most.
pub async fn fetch(request: RequestBuilder, limit: usize) -> Result<Answer, SendError> {
    send(request, LONGEST, limit).await
}

async fn send(
    request: RequestBuilder,
    remaining: Duration,
    limit: usize,
) -> Result<Answer, SendError> {
    let request = request.timeout(remaining.min(LONGEST));
    let answer = exchange(request, limit).await.map_err(|error| match error {
        ExchangeError::TooLong { .. } => SendError::Refused { reason: error.to_string() },
        ExchangeError::NoAnswer { .. } => SendError::Failed(Box::new(error)),
    })?;
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => {
            let retry_after = retry_after(&answer.headers).unwrap_or(DEFAULT_PAUSE);
            Err(SendError::RateLimited { retry_after })
        }
        status if status.is_server_error() => {
            Err(SendError::Failed(Outage::Status(status.as_u16()).into()))
        }
        _ => Ok(answer),
    }
}

/// How long the platform asks to wait, where it says so in seconds.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
