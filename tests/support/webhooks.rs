//! Somebody who is told of events by Standard Webhooks, and believes nobody:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Response, StatusCode};
use ring::hmac::{HMAC_SHA256, Key, verify};
use serde_json::Value;
use tokio::net::TcpListener;

/// The key that both sides have.
pub const KEY: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// A server that keeps what it is told.
pub struct Webhooks {
    url: String,
    told: Arc<Mutex<Vec<Told>>>,
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its id: the same when it is told again.
    pub id: String,
    /// What it says.
    pub body: Value,
}

impl Webhooks {
    /// A server on a free port.
    ///
    /// # Panics
    /// If there is none.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/finished", listener.local_addr().expect("its address"));
        let told = Arc::<Mutex<Vec<Told>>>::default();
        let keep = Arc::clone(&told);
        let app = axum::Router::new().fallback(move |request: Request| {
            let keep = Arc::clone(&keep);
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.expect("a body");
                let header = |name: &str| parts.headers.get(name)?.to_str().ok();
                let mut response = Response::new(Body::empty());
                match read(header, &body) {
                    Some(told) => keep.lock().unwrap_or_else(PoisonError::into_inner).push(told),
                    None => *response.status_mut() = StatusCode::UNAUTHORIZED,
                }
                response
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, told }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it was told so far with a signature that is right.
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An event whose signature is right.
fn read<'a>(header: impl Fn(&str) -> Option<&'a str>, body: &[u8]) -> Option<Told> {
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    let signature = STANDARD.decode(header("webhook-signature")?.strip_prefix("v1,")?).ok()?;
    let key = Key::new(HMAC_SHA256, &STANDARD.decode(KEY.strip_prefix("whsec_")?).ok()?);
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    verify(&key, &signed, &signature).ok()?;
    Some(Told { id: id.to_owned(), body: serde_json::from_slice(body).ok()? })
}
