//! A fake Rasa server: it refuses what Rasa refuses, and otherwise follows a script.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use super::server::{Recorded, Server, answer};

/// What the server does with one message.
pub enum Step {
    /// Answers with this status and body.
    Answer(u16, Bytes),
    /// Answers with a body that the test writes.
    Body(Body),
    /// Never answers.
    Silence,
}

impl Step {
    /// The answer of a Rasa server.
    pub fn says(replies: &Value) -> Self {
        Self::Answer(200, replies.to_string().into())
    }
}

/// A server that takes the steps of `script`, one for each message.
pub async fn rasa(script: Vec<Step>) -> Server {
    let script = Arc::new(Mutex::new(VecDeque::from(script)));
    Server::start(move |request: Recorded| {
        let script = Arc::clone(&script);
        async move {
            if let Some(refusal) = refusal(&request) {
                return refusal;
            }
            let step = script.lock().unwrap().pop_front().expect("a message beyond the script");
            match step {
                Step::Answer(status, body) => answer(status, body),
                Step::Body(body) => Response::new(body),
                Step::Silence => pending().await,
            }
        }
    })
    .await
}

fn refusal(request: &Recorded) -> Option<Response<Body>> {
    let path = request.uri.split('?').next();
    let status = match (path, &request.body["message"], &request.body["sender"]) {
        (Some("/webhooks/rest/webhook"), Value::String(_), Value::String(_)) => {
            if request.method == Method::POST {
                return None;
            }
            StatusCode::METHOD_NOT_ALLOWED
        }
        (Some("/webhooks/rest/webhook"), ..) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::NOT_FOUND,
    };
    Some(answer(status.as_u16(), "refused"))
}
