//! A file on a server, which gives it in pieces of its own choice and may hang up on the way.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Response;
use serde_json::Value;

use super::server::{Recorded, Server};

/// How a server gives its file.
#[derive(Clone)]
pub struct Remote {
    pub bytes: Bytes,
    /// How long the pieces are, again and again.
    pub pieces: Vec<usize>,
    /// Whether it knows ranges.
    pub has_ranges: bool,
    /// The most bytes that it gives of a range.
    pub most: usize,
    /// Its `ETag` or another header that identifies the file.
    pub tag: Option<(&'static str, &'static str)>,
    /// After so many bytes, answers break off; one after another.
    pub breaks: Arc<Mutex<VecDeque<usize>>>,
}

impl Remote {
    /// All at once, with ranges and an `ETag`.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let tag = Some(("etag", "\"one\""));
        Self {
            bytes: bytes.into(),
            pieces: vec![1 << 16],
            has_ranges: true,
            most: usize::MAX,
            tag,
            breaks: Arc::default(),
        }
    }

    /// The same, but each of the first answers breaks off.
    pub fn breaking(self, after: &[usize]) -> Self {
        Self { breaks: Arc::new(Mutex::new(after.iter().copied().collect())), ..self }
    }

    /// Serves it.
    pub async fn start(self) -> Server {
        Server::start(move |request| {
            let answer = self.answer(&request);
            async move { answer }
        })
        .await
    }

    pub fn answer(&self, request: &Recorded) -> Response<Body> {
        assert_eq!((request.method.as_str(), &request.body), ("GET", &Value::Null));
        assert_eq!(request.headers["accept-encoding"], "identity");
        let range = request.headers.get("range").map(|range| range.to_str().unwrap());
        let from =
            range.map(|range| range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap());
        let from = from.filter(|_| self.has_ranges).map(|from| from.parse::<usize>().unwrap());
        let total = self.bytes.len();
        let mut response = Response::builder();
        if let Some((name, value)) = self.tag {
            response = response.header(name, value);
        }
        let begin = from.unwrap_or_default();
        let end = from.map_or(total, |from| from.saturating_add(self.most).min(total));
        let response = match from {
            Some(from) if from >= total => {
                let response = response.header("content-range", format!("bytes */{total}"));
                return response.status(416).body(Body::empty()).unwrap();
            }
            Some(from) => {
                let range = format!("bytes {from}-{}/{total}", end - 1);
                response.status(206).header("content-range", range)
            }
            None => response.status(200),
        };
        response.body(self.body(self.bytes.slice(begin..end))).unwrap()
    }

    /// Without a length: so the pieces arrive as they are sent.
    fn body(&self, mut rest: Bytes) -> Body {
        let mut pieces = Vec::new();
        let end = self.breaks.lock().unwrap().pop_front();
        if let Some(end) = end {
            rest.truncate(end);
        }
        for length in self.pieces.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            pieces.push(Ok(rest.split_to((*length).min(rest.len()))));
        }
        // What was sent arrives before the connection breaks.
        let broken = stream::iter(end).then(|_| async {
            tokio::task::yield_now().await;
            Err(io::Error::other("the connection breaks"))
        });
        Body::from_stream(stream::iter(pieces).chain(broken))
    }
}
