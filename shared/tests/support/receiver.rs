//! Somebody's server that replies are posted to. It refuses what is no JSON object, what has no
//! `webhook-id`, and what it can tell to be nobody's it knows.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, Response};
use ring::hmac;
use serde_json::Value;
use tokio::net::TcpListener;

/// What it asks for.
#[derive(Clone, Default)]
pub struct Demands {
    /// `Authorization: Bearer`.
    pub token: Option<&'static str>,
    /// A signature with this key, `whsec_…`.
    pub key: Option<String>,
}

/// A server on a free port of this machine. It ends with the test's runtime.
pub struct Receiver {
    pub url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    demands: Demands,
    answers: VecDeque<(u16, Option<&'static str>)>,
    posts: Vec<Post>,
}

/// A request, and the status it was answered.
#[derive(Clone, Debug)]
pub struct Post {
    pub headers: HeaderMap,
    pub text: String,
    pub status: u16,
}

impl Receiver {
    /// A server that takes what is well-formed.
    pub async fn start(demands: Demands) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/replies", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { demands, ..State::default() }));
        let shared = Arc::clone(&state);
        let app = axum::Router::new().fallback(move |request: Request| {
            let state = Arc::clone(&shared);
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                let text = String::from_utf8(body.to_vec()).unwrap();
                let is_post = parts.method == Method::POST && parts.uri.path() == "/replies";
                state.lock().unwrap().answer(is_post, parts.headers, text)
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, state }
    }

    /// What it answers next, whatever it gets: statuses, and how many seconds to wait.
    pub fn will_answer(&self, answers: &[(u16, Option<&'static str>)]) {
        self.state.lock().unwrap().answers = answers.iter().copied().collect();
    }

    /// What it has got since it was last asked.
    pub fn take_posts(&self) -> Vec<Post> {
        std::mem::take(&mut self.state.lock().unwrap().posts)
    }
}

impl State {
    fn answer(&mut self, is_post: bool, headers: HeaderMap, text: String) -> Response<Body> {
        let (status, retry_after) = match self.answers.pop_front() {
            Some(answer) => answer,
            None if !is_post => (404, None),
            None => (self.demands.check(&headers, &text), None),
        };
        self.posts.push(Post { headers, text, status });
        let mut response = Response::builder().status(status);
        if let Some(seconds) = retry_after {
            response = response.header("retry-after", seconds);
        }
        response.body(Body::empty()).unwrap()
    }
}

impl Demands {
    fn check(&self, headers: &HeaderMap, text: &str) -> u16 {
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
        let id = header("webhook-id");
        let is_json = header("content-type") == "application/json"
            && serde_json::from_str::<Value>(text).is_ok_and(|body| body.is_object());
        let is_known =
            self.token.is_none_or(|it| header("authorization") == format!("Bearer {it}"));
        let is_signed = self.key.as_ref().is_none_or(|key| {
            let signed = format!("{id}.{}.{text}", header("webhook-timestamp"));
            header("webhook-signature") == signature(key, &signed)
        });
        match (is_known && is_signed, is_json && !id.is_empty() && !id.contains('.')) {
            (false, _) => 401,
            (true, false) => 400,
            (true, true) => 204,
        }
    }
}

impl Post {
    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn signature(key: &str, signed: &str) -> String {
    let key = STANDARD.decode(key.strip_prefix("whsec_").unwrap()).unwrap();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    format!("v1,{}", STANDARD.encode(tag))
}
