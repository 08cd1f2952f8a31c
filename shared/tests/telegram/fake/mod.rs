//! A fake of the Bot API: it knows one bot and a few chats, remembers what it was asked, and refuses
//! what Telegram refuses.

mod form;
mod rules;
mod state;

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use state::Asked;
use state::State;

/// The example of <https://core.telegram.org/bots/api#authorizing-your-bot>.
pub const TOKEN: &str = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";
/// The id of that bot.
pub const BOT: i64 = 123_456;
/// Somebody who talks to the bot, from Telegram's examples of updates.
pub const USER: i64 = 1_111_111;
/// Somebody who has blocked it.
pub const BLOCKED: i64 = 403;
/// A group with a topic.
pub const FORUM: i64 = -1_001_234_567_890;
/// Its topic.
pub const TOPIC: i64 = 7;
/// A group that has become [`FORUM`].
pub const UPGRADED: i64 = -4_000;
/// A channel, `@news`.
pub const CHANNEL: i64 = -1_009;

/// The server. It ends with the test's runtime.
pub struct Telegram {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Telegram {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let app = axum::Router::new().fallback(move |request: Request| {
            let state = Arc::clone(&shared);
            async move { answer(request, &state).await }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, state }
    }

    /// Everything it was asked, by the right bot or not.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }

    /// The same without what nobody sees.
    pub fn methods(&self) -> Vec<(String, Value)> {
        self.asked().into_iter().map(|it| (it.method, it.params)).collect()
    }

    /// What is said in a chat, in order.
    pub fn texts(&self, chat: i64) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let said = state.messages.iter().filter(|((at, _), _)| *at == chat);
        said.map(|(_, text)| text.clone()).collect()
    }

    /// The next answers, whatever is asked.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = (u16, Value)>) {
        self.state.lock().unwrap().next.extend(answers);
    }

    /// How often a file was got, or tried to be.
    pub fn fetched(&self) -> usize {
        self.state.lock().unwrap().fetched
    }

    /// Keeps a file.
    pub fn keep(&self, id: &str, path: &str, content: &'static [u8]) {
        let file = (path.to_owned(), Bytes::from_static(content));
        self.state.lock().unwrap().files.insert(id.to_owned(), file);
    }
}

async fn answer(request: Request, state: &Mutex<State>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let path = parts.uri.path().to_owned();
    if let Some(path) = path.strip_prefix(&format!("/file/bot{TOKEN}/")) {
        let path = percent_encoding::percent_decode_str(path).decode_utf8().unwrap();
        let file = state.lock().unwrap().file_at(&path);
        return file.map_or_else(
            || refusal(404, "Not Found", None),
            |content| Response::new(Body::from(content)),
        );
    }
    let asked = path.strip_prefix("/bot").and_then(|path| path.split_once('/'));
    let Some((token, method)) = asked else { return refusal(404, "Not Found", None) };
    let content_type = parts.headers.get("content-type").map(|it| it.to_str().unwrap());
    let (params, files) = form::read(content_type, body).await;
    let asked = Asked { token: token.to_owned(), method: method.to_owned(), params, files };
    let mut state = state.lock().unwrap();
    state.asked.push(asked.clone());
    if let Some((status, body)) = state.next.pop_front() {
        return json_answer(status, &body);
    }
    if token != TOKEN {
        return refusal(401, "Unauthorized", None);
    }
    match rules::apply(&asked, &mut state) {
        Ok(result) => json_answer(200, &json!({ "ok": true, "result": result })),
        Err(rules::Refusal { code, description, parameters }) => {
            refusal(code, &description, parameters)
        }
    }
}

fn refusal(code: u16, description: &str, parameters: Option<Value>) -> Response<Body> {
    let mut body = json!({ "ok": false, "error_code": code, "description": description });
    if let Some(parameters) = parameters {
        body["parameters"] = parameters;
    }
    json_answer(code, &body)
}

fn json_answer(status: u16, body: &Value) -> Response<Body> {
    let answer = Response::builder().status(status).header("content-type", "application/json");
    answer.body(Body::from(body.to_string())).unwrap()
}
