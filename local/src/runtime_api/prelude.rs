//! The head of a streamed HTTP answer: status, headers and cookies as JSON, then eight NUL bytes.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::SET_COOKIE};
use serde::Deserialize;

use super::{Chunks, LambdaError};

/// Separates the prelude from the body.
const SEPARATOR: &[u8] = &[0; 8];
/// A prelude is a few hundred bytes; Lambda's own bound is not published.
const LONGEST: usize = 64 * 1024;

/// Status and headers, as a buffered answer and a prelude both spell them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    #[serde(default = "ok")]
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    multi_value_headers: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    cookies: Vec<String>,
}

/// A function URL takes an answer without a status for a success.
const fn ok() -> u16 {
    200
}

impl Head {
    /// As the caller of the function URL sees it.
    pub(super) fn into_parts(self) -> Result<(StatusCode, HeaderMap), LambdaError> {
        let status = StatusCode::from_u16(self.status_code).map_err(not_http)?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.insert(header_name(name)?, HeaderValue::from_str(value).map_err(not_http)?);
        }
        for (name, values) in &self.multi_value_headers {
            let name = header_name(name)?;
            headers.remove(&name);
            for value in values {
                headers.append(name.clone(), HeaderValue::from_str(value).map_err(not_http)?);
            }
        }
        for cookie in &self.cookies {
            headers.append(SET_COOKIE, HeaderValue::from_str(cookie).map_err(not_http)?);
        }
        Ok((status, headers))
    }
}

/// Reads the prelude and leaves `chunks` at the first byte of the body.
pub(super) async fn read(chunks: &mut Chunks) -> Result<Head, LambdaError> {
    let mut read = BytesMut::new();
    loop {
        if let Some(end) = find_separator(&read) {
            let rest = read.split_off(end + SEPARATOR.len()).freeze();
            chunks.unread(rest);
            return serde_json::from_slice(&read[..end]).map_err(not_http);
        }
        if read.len() > LONGEST {
            return Err(not_http("no end of the prelude in sight"));
        }
        match chunks.next().await {
            Some(chunk) => read.extend_from_slice(&chunk?),
            None => return Err(not_http("the stream ended before its prelude did")),
        }
    }
}

fn find_separator(bytes: &[u8]) -> Option<usize> {
    bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR)
}

fn header_name(name: &str) -> Result<HeaderName, LambdaError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(not_http)
}

/// One of the ways in which an answer is no HTTP answer.
pub(super) fn not_http(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> LambdaError {
    LambdaError::NotHttp(source.into())
}

/// Body of a buffered answer, decoded.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Buffered {
    #[serde(flatten)]
    pub(super) head: Head,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

impl Buffered {
    /// Head and body.
    pub(super) fn split(self) -> Result<(Head, Bytes), LambdaError> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let body = self.body.unwrap_or_default();
        let body = if self.is_base64_encoded {
            STANDARD.decode(body).map_err(not_http)?.into()
        } else {
            body.into()
        };
        Ok((self.head, body))
    }
}
