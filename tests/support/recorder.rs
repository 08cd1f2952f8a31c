//! A proxy in front of DynamoDB that remembers what its caller did.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use tokio::net::TcpListener;

/// The proxy.
pub struct Recorder {
    endpoint: String,
    permissions: Arc<Mutex<BTreeSet<String>>>,
}

impl Recorder {
    /// In front of the DynamoDB at `upstream`.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(upstream: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("its address"));
        let permissions = Arc::<Mutex<BTreeSet<String>>>::default();
        let record = Arc::clone(&permissions);
        let client = patchcord::ground::http::client().expect("a client");
        let app = axum::Router::new().fallback(move |request: Request| {
            let (client, upstream, record) =
                (client.clone(), upstream.clone(), Arc::clone(&record));
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.expect("a body");
                let target = parts.headers["x-amz-target"].to_str().expect("an operation");
                let needed = needed(target, &body);
                record.lock().unwrap_or_else(PoisonError::into_inner).extend(needed);
                let request = client.post(upstream).headers(parts.headers).body(body);
                let answer = request.send().await.expect("an answer");
                let mut response = Response::builder().status(answer.status());
                response.headers_mut().expect("headers").clone_from(answer.headers());
                let body = answer.bytes().await.expect("its body");
                response.body(Body::from(body)).expect("an answer")
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { endpoint, permissions }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// What the caller needed to be allowed to do until now, as policies call it.
    pub fn permissions(&self) -> BTreeSet<String> {
        self.permissions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The permissions for one call. A transaction needs those of its writes:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>
fn needed(target: &str, body: &Bytes) -> Vec<String> {
    let operation = target.rsplit('.').next().unwrap_or_default();
    if operation != "TransactWriteItems" {
        return vec![format!("dynamodb:{operation}")];
    }
    let body: Value = serde_json::from_slice(body).expect("JSON");
    let writes = body["TransactItems"].as_array().expect("writes");
    let kinds = writes.iter().flat_map(|write| write.as_object().expect("a write").keys());
    kinds.map(|kind| format!("dynamodb:{kind}Item")).collect()
}
