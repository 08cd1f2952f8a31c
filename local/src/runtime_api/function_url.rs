//! The function behind its URL: HTTP in, HTTP out.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

use super::{
    Chunks, Lambda, LambdaError,
    prelude::{self, Buffered, not_http},
    url_event,
};

/// An HTTP answer of which the head is there.
#[derive(Debug)]
pub struct HttpStream {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, one `set-cookie` per cookie.
    pub headers: HeaderMap,
    /// Its body, part by part.
    pub chunks: Chunks,
    /// Whether the function streamed it, or answered in one piece.
    pub streamed: bool,
}

impl Lambda {
    /// Sends a request to the function's URL and waits for the whole answer.
    ///
    /// Where a function URL answers 502, because the function failed, this is an error.
    pub async fn http(&self, request: Request<Bytes>) -> Result<Response<Bytes>, LambdaError> {
        let HttpStream { status, headers, chunks, .. } = self.http_stream(request).await?;
        let mut response = Response::new(chunks.collect().await?);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// Sends a request to the function's URL and waits for the head of the answer.
    pub async fn http_stream(&self, request: Request<Bytes>) -> Result<HttpStream, LambdaError> {
        let mut reply = self.reply(url_event(&request).to_string().into()).await?;
        if reply.streamed {
            let (status, headers) = prelude::read(&mut reply.chunks).await?.into_parts()?;
            return Ok(HttpStream { status, headers, chunks: reply.chunks, streamed: true });
        }
        let mut chunks = Chunks::empty();
        let (status, headers, body) = unwrap(&reply.chunks.collect().await?)?;
        chunks.unread(body);
        Ok(HttpStream { status, headers, chunks, streamed: false })
    }
}

/// A buffered answer says what its status is; any other JSON is itself the body.
fn unwrap(answer: &Bytes) -> Result<(StatusCode, HeaderMap, Bytes), LambdaError> {
    let value: Value = serde_json::from_slice(answer).map_err(not_http)?;
    if value.get("statusCode").is_none() {
        let json = http::HeaderValue::from_static("application/json");
        return Ok((StatusCode::OK, HeaderMap::from_iter([(CONTENT_TYPE, json)]), answer.clone()));
    }
    let (head, body) = serde_json::from_value::<Buffered>(value).map_err(not_http)?.split()?;
    let (status, headers) = head.into_parts()?;
    Ok((status, headers, body))
}
