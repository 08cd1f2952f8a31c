//! The server that answers are posted to.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::Response;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What was said to whom.
pub type Said = Vec<(String, String)>;

/// The server.
pub struct Platform {
    url: String,
    said: watch::Receiver<Said>,
}

impl Platform {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/bot", listener.local_addr().unwrap());
        let (sender, said) = watch::channel(Said::new());
        let app = axum::Router::new().fallback(move |request: Request| {
            let sender = sender.clone();
            async move {
                let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
                let body: Value = serde_json::from_slice(&body).unwrap();
                let text = |name: &str| body[name].as_str().unwrap().to_owned();
                sender.send_modify(|said| said.push((text("recipient_id"), text("text"))));
                Response::new(Body::empty())
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, said }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that was said, once that is enough.
    pub async fn said_when(&self, is_enough: impl Fn(&Said) -> bool) -> Said {
        let mut said = self.said.clone();
        let found = tokio::time::timeout(crate::setup::PATIENCE, said.wait_for(is_enough)).await;
        let found = found.map(|said| said.unwrap().clone());
        found.unwrap_or_else(|_| panic!("not enough was said:\n{:?}", *self.said.borrow()))
    }
}
