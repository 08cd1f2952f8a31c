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
    /// How much of it is announced, where it is a part of the file, and has not arrived.
    due: u64,
    /// Whether the file ends where it ends.
    is_last: bool,
}

/// `bytes 4711-8000/8001`, or `bytes */8001` (<https://www.rfc-editor.org/rfc/rfc9110#section-14.4>).
struct ContentRange {
    part: Option<(u64, u64)>,
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
    let (skip, due, is_last, total) = match status {
        StatusCode::OK => (at, 0, true, number(headers, &CONTENT_LENGTH)),
        StatusCode::PARTIAL_CONTENT => {
            let (end, total) = range.and_then(|range| range.part_from(at)).ok_or_else(|| {
                let expected = "the bytes that were asked for, and the length of the file";
                SourceError::unreadable("answer", expected)
            })?;
            (0, end - at, end == total, Some(total))
        }
        // Everything had arrived but the word that it was everything.
        StatusCode::RANGE_NOT_SATISFIABLE if range.is_some_and(|it| it.total == Some(at)) => {
            let answer = Answer { response: None, skip: 0, due: 0, is_last: true };
            return Ok(Opened { body: Body::Answer(answer), version: None });
        }
        StatusCode::RANGE_NOT_SATISFIABLE if at > 0 => return Err(SourceError::Changed),
        _ => return Err(refused(&response, attempts)),
    };
    if text(headers, &CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(SourceError::unreadable("answer", "a file that is not compressed"));
    }
    let version = version(headers, total);
    let answer = Answer { response: Some(response), skip, due, is_last };
    Ok(Opened { body: Body::Answer(answer), version })
}

impl Answer {
    /// Whether nothing of the file is behind it. A server may give fewer bytes of a range than it was
    /// asked for (<https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7>).
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Some bytes, or none at its end.
    pub async fn read(&mut self, attempts: &Attempts<'_>) -> Result<Bytes, SourceError> {
        let Some(response) = &mut self.response else { return Ok(Bytes::new()) };
        while let Some(mut bytes) = attempts.within(response.chunk()).await?.map_err(broken)? {
            let before = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
            self.skip -= before as u64;
            let bytes = bytes.split_off(before);
            if !bytes.is_empty() {
                self.due = self.due.saturating_sub(bytes.len() as u64);
                return Ok(bytes);
            }
        }
        match (self.skip, self.due) {
            (0, 0) => Ok(Bytes::new()),
            (0, _) => Err(SourceError::unavailable(Outage::CutShort)),
            _ => Err(SourceError::Changed),
        }
    }
}

impl ContentRange {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let (range, total) =
            text(headers, &CONTENT_RANGE)?.strip_prefix("bytes ")?.split_once('/')?;
        let part = range.split_once('-');
        let part = part.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
        Some(Self { part, total: total.parse().ok() })
    }

    /// Where the part of the file that begins at `at` ends, and the file. None of another part, or
    /// without the file's length, by which its end is told from that of a part.
    fn part_from(&self, at: u64) -> Option<(u64, u64)> {
        let ((first, last), total) = (self.part?, self.total?);
        (first == at && (first..total).contains(&last)).then_some((last + 1, total))
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
