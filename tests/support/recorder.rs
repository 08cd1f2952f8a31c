//! A proxy in front of DynamoDB that remembers what its caller did.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::Response;
use serde_json::Value;
use tokio::net::TcpListener;

/// The proxy.
pub struct Recorder {
    endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// A call of DynamoDB.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name, such as `UpdateItem`.
    pub operation: String,
    /// What was sent.
    pub body: Value,
}

impl Recorder {
    /// In front of the DynamoDB at `upstream`.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(upstream: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("its address"));
        let calls = Arc::<Mutex<Vec<Call>>>::default();
        let record = Arc::clone(&calls);
        let client = patchcord::ground::http::client().expect("a client");
        let app = axum::Router::new().fallback(move |request: Request| {
            let (client, upstream, record) =
                (client.clone(), upstream.clone(), Arc::clone(&record));
            async move {
                let (parts, sent) = request.into_parts();
                let sent = to_bytes(sent, usize::MAX).await.expect("a body");
                let target = parts.headers["x-amz-target"].to_str().expect("an operation");
                let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
                let body = serde_json::from_slice(&sent).expect("JSON");
                let call = Call { operation, body };
                record.lock().unwrap_or_else(PoisonError::into_inner).push(call);
                let request = client.post(upstream).headers(parts.headers).body(sent);
                let answer = request.send().await.expect("an answer");
                let mut response = Response::builder().status(answer.status());
                response.headers_mut().expect("headers").clone_from(answer.headers());
                let body = answer.bytes().await.expect("its body");
                response.body(Body::from(body)).expect("an answer")
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { endpoint, calls }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// What the caller did until now, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the caller needed to be allowed to do until now, as policies call it.
    pub fn permissions(&self) -> BTreeSet<String> {
        self.calls().iter().flat_map(Call::permissions).collect()
    }
}

impl Call {
    /// The writes of a transaction: what each does, such as `Update`, and with what.
    pub fn writes(&self) -> Vec<(&str, &Value)> {
        let writes = self.body["TransactItems"].as_array().into_iter().flatten();
        let kinds = writes.flat_map(|write| write.as_object().expect("a write"));
        kinds.map(|(kind, write)| (kind.as_str(), write)).collect()
    }

    /// The permissions for the call. A transaction needs those of its writes:
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>
    fn permissions(&self) -> Vec<String> {
        if self.operation != "TransactWriteItems" {
            return vec![format!("dynamodb:{}", self.operation)];
        }
        self.writes().iter().map(|(kind, _)| format!("dynamodb:{kind}Item")).collect()
    }
}
