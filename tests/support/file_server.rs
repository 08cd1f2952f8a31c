//! A server of one file, as those for HTTPS and S3 are: with ranges, and an `ETag` that says which
//! file it is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_RANGE, ETAG, RANGE};
use http::{HeaderMap, Response, StatusCode};
use tokio::net::TcpListener;

/// The server.
pub struct FileServer {
    url: String,
    served: Arc<Mutex<Served>>,
}

struct Served {
    file: Bytes,
    version: u32,
    requests: Vec<Asked>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// From which byte on.
    pub from: u64,
    /// Whether it was signed as AWS wants it.
    pub is_signed: bool,
}

impl FileServer {
    /// Gives `file`, whatever the path.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(file: impl Into<Bytes>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let served = Served { file: file.into(), version: 1, requests: Vec::new() };
        let served = Arc::new(Mutex::new(served));
        let state = Arc::clone(&served);
        let app = axum::Router::new().fallback(move |request: Request| {
            let answer = lock(&state).answer(request.uri().path(), request.headers());
            async move { answer }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, served }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on it is another file.
    pub fn replace(&self, file: impl Into<Bytes>) {
        let mut served = lock(&self.served);
        served.file = file.into();
        served.version += 1;
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Asked> {
        lock(&self.served).requests.clone()
    }
}

impl Served {
    fn answer(&mut self, path: &str, headers: &HeaderMap) -> Response<Body> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let range = header(RANGE).and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let from: usize = range.map_or(0, |from| from.parse().expect("a number"));
        let is_signed = header(AUTHORIZATION)
            .is_some_and(|it| it.starts_with("AWS4-HMAC-SHA256 ") && it.contains("/s3/"));
        let asked = Asked { path: path.to_owned(), from: from as u64, is_signed };
        self.requests.push(asked);
        let response = Response::builder().header(ETAG, format!("\"{}\"", self.version));
        let length = self.file.len();
        let response = match range {
            Some(_) if from >= length => {
                let response = response.header(CONTENT_RANGE, format!("bytes */{length}"));
                let response = response.status(StatusCode::RANGE_NOT_SATISFIABLE);
                return response.body(Body::empty()).expect("an answer");
            }
            Some(_) => response
                .status(StatusCode::PARTIAL_CONTENT)
                .header(CONTENT_RANGE, format!("bytes {from}-{}/{length}", length - 1)),
            None => response,
        };
        response.body(Body::from(self.file.slice(from..))).expect("an answer")
    }
}

fn lock(served: &Mutex<Served>) -> MutexGuard<'_, Served> {
    served.lock().unwrap_or_else(PoisonError::into_inner)
}
