//! A server that remembers what it was asked, and can be silent or hang up.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use reqwest::Url;
use serde_json::Value;
use tokio::net::TcpListener;

/// A request the server got.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    /// As it stood in the request line, without the query.
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    /// Null if the body is not JSON, or does not say that it is.
    pub fn json(&self) -> Value {
        let is_json = self.header("content-type") == "application/json";
        if is_json { serde_json::from_slice(&self.body).unwrap_or_default() } else { Value::Null }
    }

    /// Empty if the body does not say that it is a form.
    pub fn form(&self) -> BTreeMap<String, String> {
        if self.header("content-type") != "application/x-www-form-urlencoded" {
            return BTreeMap::new();
        }
        decode(std::str::from_utf8(&self.body).unwrap())
    }

    /// Empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `POST /contacts`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn decode(query: &str) -> BTreeMap<String, String> {
    let url = Url::parse(&format!("http://localhost/?{query}")).unwrap();
    url.query_pairs().into_owned().collect()
}

/// What the server does about a request.
pub enum Reply {
    Answer(u16, Vec<(&'static str, String)>, Bytes),
    /// Closes the connection.
    HangUp,
    /// Never answers.
    Silence,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self::Answer(status, headers, body.to_string().into())
    }

    pub fn empty(status: u16) -> Self {
        Self::Answer(status, Vec::new(), Bytes::new())
    }

    /// The same with a header more.
    pub fn with(self, name: &'static str, value: &str) -> Self {
        let Self::Answer(status, mut headers, body) = self else { panic!("no answer") };
        headers.push((name, value.to_owned()));
        Self::Answer(status, headers, body)
    }
}

/// A server on a free port of this machine. It ends with the test's runtime.
pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Does with every request what `reply` says.
    pub async fn start(reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (log, reply) = (Arc::clone(&seen), Arc::new(reply));
        let app = axum::Router::new().fallback(move |request: Request| {
            let (log, reply) = (Arc::clone(&log), Arc::clone(&reply));
            async move {
                let request = read(request).await;
                log.lock().unwrap().push(request.clone());
                match reply(&request) {
                    Reply::Answer(status, headers, body) => {
                        let mut response = Response::builder().status(status);
                        for (name, value) in headers {
                            response = response.header(name, value);
                        }
                        response.body(Body::from(body)).unwrap()
                    }
                    // Ends the connection's task, without the message of a panic.
                    Reply::HangUp => std::panic::resume_unwind(Box::new("hang up")),
                    Reply::Silence => pending().await,
                }
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, seen }
    }

    /// Does with the requests, one after another, what `replies` says.
    pub async fn script(replies: Vec<Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter());
        Self::start(move |_| replies.lock().unwrap().next().expect("a request beyond the script"))
            .await
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The lines of every request so far.
    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

async fn read(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Seen {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: decode(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
        body,
    }
}
