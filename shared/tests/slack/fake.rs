//! Slack as far as a bot meets it: it refuses what Slack would refuse.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::methods::{Methods, error};

pub const TOKEN: &str = "xoxb-right";

/// A call that it got.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// JSON, or the fields of a form; null if it is neither.
    pub arguments: Value,
    pub headers: HeaderMap,
}

/// A fake Slack. It ends with the test's runtime; clones are the same one.
#[derive(Clone)]
pub struct Fake {
    pub url: String,
    /// What it got, and what it is to answer next.
    log: Arc<Mutex<Log>>,
    methods: Arc<Mutex<Methods>>,
}

#[derive(Default)]
struct Log {
    calls: Vec<Call>,
    answers: VecDeque<(u16, &'static str, Value)>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, log: Arc::default(), methods: Arc::default() };
        let serving = fake.clone();
        let app = axum::Router::new().fallback(move |request: Request| {
            let fake = serving.clone();
            async move { fake.answer(request).await }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        fake
    }

    /// Answers the next call so: status, `Retry-After`, body. A text is no JSON.
    pub fn next(&self, status: u16, retry_after: &'static str, body: Value) {
        self.log.lock().unwrap().answers.push_back((status, retry_after, body));
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.log.lock().unwrap().calls.clone()
    }

    /// Method and arguments of every call so far.
    pub fn called(&self) -> Vec<(String, Value)> {
        self.calls().into_iter().map(|call| (call.method, call.arguments)).collect()
    }

    /// The texts of every message that it was to post.
    pub fn texts(&self) -> Vec<String> {
        let posts = self.called().into_iter().filter(|(method, _)| method == "chat.postMessage");
        posts.map(|(_, arguments)| arguments["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn answer(&self, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let path = parts.uri.path().to_owned();
        let mut log = self.log.lock().unwrap();
        let mut methods = self.methods.lock().unwrap();
        let arguments = arguments(&parts.headers, &body);
        let method = path.strip_prefix("/api/").unwrap_or(&path).to_owned();
        log.calls.push(Call {
            method,
            arguments: arguments.clone(),
            headers: parts.headers.clone(),
        });
        if let Some((status, retry_after, body)) = log.answers.pop_front() {
            let answer = Response::builder().status(status).header("retry-after", retry_after);
            let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
            return answer.body(body.into()).unwrap();
        }
        let is_bot =
            parts.headers.get("authorization").is_some_and(|it| it == &format!("Bearer {TOKEN}"));
        if let Some(method) = path.strip_prefix("/api/") {
            let kind = parts.headers.get("content-type").map_or("", |it| it.to_str().unwrap());
            let answer = match (parts.headers.contains_key("authorization"), is_bot) {
                (false, _) => error("not_authed"),
                (true, false) => error("invalid_auth"),
                _ if parts.method != "POST" => error("invalid_post_type"),
                _ => methods.call(&self.url, method, kind, &arguments),
            };
            return Response::new(answer.to_string().into());
        }
        match path.split('/').collect::<Vec<_>>()[1..] {
            ["upload", file] => {
                let status = if methods.lengths.get(file) == Some(&body.len()) { 200 } else { 400 };
                Response::builder().status(status).body("OK".into()).unwrap()
            }
            // Who may not read a file is sent to a page where one signs in.
            ["files", _] if !is_bot => {
                Response::builder().header("content-type", "text/html").body("<p>".into()).unwrap()
            }
            ["files", "F1PNG"] => Response::new("a picture".into()),
            ["respond"] => {
                methods.responses += 1;
                match methods.responses {
                    ..=5 => Response::new("ok".into()),
                    _ => Response::builder()
                        .status(404)
                        .body(error("used_url").to_string().into())
                        .unwrap(),
                }
            }
            _ => Response::builder().status(404).body(Body::empty()).unwrap(),
        }
    }
}

/// <https://docs.slack.dev/apis/web-api/#post_bodies>
fn arguments(headers: &HeaderMap, body: &Bytes) -> Value {
    let kind = headers.get("content-type").map_or("", |it| it.to_str().unwrap());
    if kind.starts_with("application/json") {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        let url = reqwest::Url::parse(&format!("x:?{}", std::str::from_utf8(body).unwrap()));
        let fields = url.unwrap();
        let fields = fields.query_pairs().map(|(name, value)| {
            let value = match &*name {
                "blocks" | "files" | "view" => serde_json::from_str(&value).unwrap(),
                _ => json!(value),
            };
            (name.into_owned(), value)
        });
        return Value::Object(fields.collect());
    }
    Value::Null
}
