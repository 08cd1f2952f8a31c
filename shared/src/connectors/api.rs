//! Calls of a platform's own API, with what statuses mean on every platform.

use std::time::Duration;

use http::StatusCode;
use reqwest::RequestBuilder;

use crate::chat::SendError;
use crate::ground::http::{Answer, ExchangeError, Outage, exchange};
use crate::ground::retry::retry_after_in;

/// One call to a platform.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// Answers are short; this much of one is read.
const MAX_ANSWER_BYTES: usize = 1_000_000;
/// How long to wait where a platform asks to slow down and does not say for how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);

/// Sends `request` once, within `remaining`. What is neither an outage nor a wish to slow down is
/// an answer, and what it means is the platform's business.
pub async fn call(request: RequestBuilder, remaining: Duration) -> Result<Answer, SendError> {
    call_reading(request, remaining, |_| None).await
}

/// The same for a platform that says in the body of its answer how long to wait: `in_body` finds it
/// there. Where it does not, the header counts.
pub async fn call_reading(
    request: RequestBuilder,
    remaining: Duration,
    in_body: impl FnOnce(&[u8]) -> Option<Duration>,
) -> Result<Answer, SendError> {
    send(request, remaining, MAX_ANSWER_BYTES, in_body).await
}

/// Gets a file of `limit` bytes at most from where a platform keeps it.
pub async fn download(request: RequestBuilder, limit: usize) -> Result<Answer, SendError> {
    given_file(ask_for_file(request, limit).await?)
}

/// The same for a platform that has a way of its own to say that it does not give the file: see
/// [`given_file`] for what is left.
pub async fn ask_for_file(request: RequestBuilder, limit: usize) -> Result<Answer, SendError> {
    send(request, CALL_TIMEOUT, limit, |_| None).await
}

/// The answer to [`ask_for_file`], if it is a file: its status is a success.
pub fn given_file(answer: Answer) -> Result<Answer, SendError> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    Err(SendError::Refused { reason: format!("no file: status {}", answer.status.as_u16()) })
}

async fn send(
    request: RequestBuilder,
    remaining: Duration,
    limit: usize,
    in_body: impl FnOnce(&[u8]) -> Option<Duration>,
) -> Result<Answer, SendError> {
    let request = request.timeout(remaining.min(CALL_TIMEOUT));
    let answer = exchange(request, limit).await.map_err(|error| match error {
        ExchangeError::TooLong { max_bytes } => {
            SendError::Refused { reason: format!("it has more than {max_bytes} bytes") }
        }
        error @ ExchangeError::NoAnswer { .. } => SendError::Failed(Box::new(error)),
    })?;
    let wanted = || in_body(&answer.body).or_else(|| retry_after_in(&answer.headers));
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => {
            Err(SendError::rate_limited(wanted().unwrap_or(DEFAULT_PAUSE)))
        }
        status if status.is_server_error() => {
            // <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
            let is_busy = status == StatusCode::SERVICE_UNAVAILABLE;
            match retry_after_in(&answer.headers).filter(|_| is_busy) {
                Some(pause) => Err(SendError::rate_limited(pause)),
                None => Err(SendError::Failed(Outage::Status(status.as_u16()).into())),
            }
        }
        _ => Ok(answer),
    }
}
