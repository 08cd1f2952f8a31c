//! A proxy in front of both services that counts how many calls are on their way together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::Response;
use tokio::net::TcpListener;

use crate::contacts::Contacts;

/// The proxy. What begins with `/api/` is Botmatic's, everything else the CRM's.
pub struct AtOnce {
    endpoint: String,
    calls: Arc<Calls>,
}

#[derive(Default)]
struct Calls {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl AtOnce {
    /// In front of the stand-ins.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(contacts: &Contacts) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("its address"));
        let services = Arc::new([contacts.botmatic.endpoint(), contacts.crm.endpoint()]);
        let client = patchcord::ground::http::client().expect("a client");
        let calls = Arc::<Calls>::default();
        let count = Arc::clone(&calls);
        let app = axum::Router::new().fallback(move |request: Request| {
            let (services, client) = (Arc::clone(&services), client.clone());
            let count = Arc::clone(&count);
            async move {
                let most = count.now.fetch_add(1, SeqCst) + 1;
                count.most.fetch_max(most, SeqCst);
                let (parts, body) = request.into_parts();
                let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
                let [botmatic, crm] = &*services;
                let service = if path.starts_with("/api/") { botmatic } else { crm };
                let body = to_bytes(body, usize::MAX).await.expect("a body");
                let mut headers = parts.headers;
                headers.remove("host");
                let request = client.request(parts.method, format!("{service}{path}"));
                let answer = request.headers(headers).body(body).send().await.expect("an answer");
                let status = answer.status();
                let body = answer.bytes().await.expect("its body");
                count.now.fetch_sub(1, SeqCst);
                let response = Response::builder().status(status);
                let response = response.header("content-type", "application/json");
                response.body(Body::from(body)).expect("an answer")
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { endpoint, calls }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The most calls that both services were answering together.
    pub fn most(&self) -> usize {
        self.calls.most.load(SeqCst)
    }
}
