//! One request and its answer, read to its end; or why there was none.

use http::{HeaderMap, StatusCode};
use reqwest::RequestBuilder;

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

/// There is no answer that could be read.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// There was none.
    #[error("no answer")]
    NoAnswer {
        /// What happened instead.
        #[source]
        outage: Outage,
        /// Whether the request may have arrived.
        was_sent: bool,
    },
    /// It was longer than anything that makes sense.
    #[error("expected an answer of at most {max_bytes} bytes")]
    TooLong {
        /// What was expected.
        max_bytes: usize,
    },
}

/// Why there was no usable answer. It shows no URL.
#[derive(Debug, thiserror::Error)]
pub enum Outage {
    /// The service says that it failed.
    #[error("status {0}")]
    Status(u16),
    /// There was no answer within the time there is.
    #[error("no answer in time")]
    TimedOut,
    /// It could not be reached, or the connection broke.
    #[error("no connection, or it broke")]
    Connection(#[source] reqwest::Error),
    /// The answer has fewer bytes than it announced.
    #[error("an answer that is not whole")]
    CutShort,
    /// An earlier attempt got no answer; a later one was not carried out.
    #[error("no answer, and a refusal after that")]
    Unknown,
}

/// Sends `request` once. Of its answer so many bytes are read at most.
pub async fn exchange(request: RequestBuilder, max_bytes: usize) -> Result<Answer, ExchangeError> {
    let mut response = request.send().await.map_err(no_answer)?;
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(no_answer)? {
        if body.len() + piece.len() > max_bytes {
            return Err(ExchangeError::TooLong { max_bytes });
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
}

/// What was not sent cannot have been carried out.
fn no_answer(error: reqwest::Error) -> ExchangeError {
    let was_sent = !error.is_connect() && !error.is_builder();
    let outage = if was_sent && error.is_timeout() {
        Outage::TimedOut
    } else {
        Outage::Connection(error.without_url())
    };
    ExchangeError::NoAnswer { outage, was_sent }
}
