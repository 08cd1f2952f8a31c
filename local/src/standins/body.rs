//! Reads a request to its end before anything is answered: a client that is still sending would
//! see a reset connection instead of the answer.

use axum::{body::Body, extract::Request};
use futures_util::StreamExt as _;

use super::Refusal;

/// The request with its body in memory. What is beyond `limit` bytes is read and forgotten.
pub(super) async fn read(request: Request, limit: usize) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let (mut kept, mut size) = (Vec::new(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Refusal::Unreadable)?;
        size += chunk.len();
        if size <= limit {
            kept.extend_from_slice(&chunk);
        }
    }
    if size > limit {
        return Err(Refusal::TooLarge);
    }
    Ok(Request::from_parts(parts, Body::from(kept)))
}
