//! Files of HTTP servers, S3 among them: from any byte on, if the server can do that
//! (<https://www.rfc-editor.org/rfc/rfc9110#section-14>), by reading on to it if not.

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, LAST_MODIFIED, RANGE,
    RETRY_AFTER,
};
use http::{HeaderMap, HeaderName, StatusCode};
use reqwest::{RequestBuilder, Response};

use super::attempts::Attempts;
use super::origin::{Body, Opened};
use crate::contacts::import::source::SourceError;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::http::Outage;
use crate::ground::retry::retry_after;

/// A body that is on its way.
pub(super) struct Answer {
    /// None if there is nothing to read.
    response: Option<Response>,
    /// How much of it is before what was asked for.
    skip: u64,
}

/// `bytes 4711-8000/8001`, or `bytes */8001` (<https://www.rfc-editor.org/rfc/rfc9110#section-14.4>).
struct ContentRange {
    first: Option<u64>,
    total: Option<u64>,
}

/// Asks for the bytes from `at` on.
///
/// Which state of the file they are of is read from the answer, instead of being made a condition
/// of the request: so it works for servers without conditions and for weak validators as well.
pub(super) async fn open(
    request: RequestBuilder,
    at: u64,
    attempts: &Attempts<'_>,
) -> Result<Opened, SourceError> {
    let mut request = request.header(ACCEPT_ENCODING, "identity");
    if at > 0 {
        request = request.header(RANGE, format!("bytes={at}-"));
    }
    let response = attempts.within(request.send()).await?.map_err(broken)?;
    let (status, headers) = (response.status(), response.headers());
    let range = ContentRange::of(headers);
    let (skip, total) = match status {
        StatusCode::OK => (at, number(headers, &CONTENT_LENGTH)),
        StatusCode::PARTIAL_CONTENT => {
            let range = range.filter(|range| range.first == Some(at)).ok_or_else(|| {
                SourceError::unreadable("answer", "the bytes that were asked for")
            })?;
            (0, range.total)
        }
        // Everything had arrived but the word that it was everything.
        StatusCode::RANGE_NOT_SATISFIABLE if range.is_some_and(|it| it.total == Some(at)) => {
            let body = Body::Answer(Answer { response: None, skip: 0 });
            return Ok(Opened { body, version: None });
        }
        StatusCode::RANGE_NOT_SATISFIABLE if at > 0 => return Err(SourceError::Changed),
        _ => return Err(refused(&response, attempts)),
    };
    if text(headers, &CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(SourceError::unreadable("answer", "a file that is not compressed"));
    }
    let version = version(headers, total);
    Ok(Opened { body: Body::Answer(Answer { response: Some(response), skip }), version })
}

impl Answer {
    /// Some bytes, or none at the end.
    pub async fn read(&mut self, attempts: &Attempts<'_>) -> Result<Bytes, SourceError> {
        let Some(response) = &mut self.response else { return Ok(Bytes::new()) };
        while let Some(mut bytes) = attempts.within(response.chunk()).await?.map_err(broken)? {
            let before = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
            self.skip -= before as u64;
            let bytes = bytes.split_off(before);
            if !bytes.is_empty() {
                return Ok(bytes);
            }
        }
        if self.skip > 0 { Err(SourceError::Changed) } else { Ok(Bytes::new()) }
    }
}

impl ContentRange {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let (range, total) =
            text(headers, &CONTENT_RANGE)?.strip_prefix("bytes ")?.split_once('/')?;
        let first = range.split_once('-').and_then(|(first, _)| first.parse().ok());
        Some(Self { first, total: total.parse().ok() })
    }
}

/// The strongest of what tells the states of a file apart
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-8.8>), or its length.
fn version(headers: &HeaderMap, total: Option<u64>) -> Option<Fingerprint> {
    let version = match (text(headers, &ETAG), text(headers, &LAST_MODIFIED), total) {
        (Some(tag), ..) => format!("etag {tag}"),
        (_, Some(date), _) => format!("modified {date}"),
        (.., Some(length)) => format!("length {length}"),
        _ => return None,
    };
    Some(Fingerprint::of(&version))
}

fn refused(response: &Response, attempts: &Attempts<'_>) -> SourceError {
    let status = response.status();
    let is_passing = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
        || status.is_server_error();
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => SourceError::NotFound,
        _ if is_passing => SourceError::Unavailable {
            outage: Outage::Status(status.as_u16()),
            retry_after: text(response.headers(), &RETRY_AFTER)
                .and_then(|header| retry_after(header, attempts.parts.clock.now())),
        },
        _ => SourceError::Refused { status: status.as_u16() },
    }
}

fn broken(error: reqwest::Error) -> SourceError {
    SourceError::unavailable(Outage::Connection(error.without_url()))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    text(headers, name)?.parse().ok()
}
