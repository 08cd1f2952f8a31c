//! The other side of deliveries: records what it gets, and answers as it is told.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{Response, header::AUTHORIZATION},
};
use serde_json::Value;
use tokio::net::TcpListener;

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub method: String,
    /// Path and query.
    pub uri: String,
    pub authorization: String,
    /// Null if there was none.
    pub body: Value,
}

pub enum Answer {
    Status(u16),
    /// None; the connection stays.
    Silence,
    /// None; the connection is closed.
    Close,
}

/// It ends with the test's runtime.
pub struct Receiver {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// Answers everything with 200.
    pub async fn start() -> Self {
        Self::answering(|_, _| Answer::Status(200)).await
    }

    /// Answers with what `answer` makes of a request and of those before it.
    pub async fn answering(
        answer: impl Fn(&Received, &[Received]) -> Answer + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let log = Arc::clone(&received);
        let app = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let request = record(request).await;
                let decided = {
                    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                    let decided = answer(&request, &log);
                    log.push(request);
                    decided
                };
                match decided {
                    Answer::Status(status) => {
                        Response::builder().status(status).body(Body::empty()).unwrap()
                    }
                    Answer::Silence => std::future::pending().await,
                    // hyper closes the connection of a handler that panics.
                    Answer::Close => std::panic::resume_unwind(Box::new("closed on purpose")),
                }
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, received }
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The events, in order: name and contact.
    pub fn events(&self) -> Vec<(String, u64)> {
        self.received().iter().map(event).collect()
    }
}

/// The name of Botmatic's event, and the id of its contact.
pub fn event(received: &Received) -> (String, u64) {
    let data = &received.body["data"];
    let id = data["id"].as_u64().or(data["contact_id"].as_u64());
    (received.body["event"].as_str().unwrap().to_owned(), id.unwrap())
}

async fn record(request: Request) -> Received {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let authorization = parts.headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap());
    Received {
        method: parts.method.to_string(),
        uri: parts.uri.to_string(),
        authorization: authorization.unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}
