//! Sends streamed answers to the Runtime API, over a connection that does not wait.
//!
//! `lambda_runtime` 1.5 writes an answer in three small pieces (prelude, separator, body) on a
//! connection without `TCP_NODELAY`. The second piece then waits for the acknowledgement of the
//! first, which the other side delays by 40 ms: on every message. Its client cannot be replaced, so
//! this layer answers those events itself, in the same form
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming>),
//! and leaves all others to it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{FutureExt as _, Stream};
use http::{Method, Request};
use http_body::{Body, Frame};
use hyper_util::client::legacy::connect::HttpConnector;
use lambda_http::StreamAdapter;
use lambda_runtime::{LambdaEvent, LambdaInvocation, Service, StreamResponse};
use lambda_runtime_api_client::{BoxError, PooledClient, body, build_request};

use super::Webhook;
use super::event::Event;
use super::http::{is_function_url, service};
use crate::ground::telemetry::Chain;

/// Between prelude and body.
const SEPARATOR: Bytes = Bytes::from_static(&[0; 8]);
/// Given with an invocation and back with its answer, so that no other takes it.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

/// Answers the events of function URLs as streams.
#[derive(Clone)]
pub(super) struct Streamed<S> {
    inner: S,
    webhook: Arc<Webhook>,
    client: Arc<PooledClient>,
}

impl<S> Streamed<S> {
    /// Leaves what comes from elsewhere to `inner`.
    pub(super) fn new(inner: S, webhook: Arc<Webhook>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = PooledClient::builder().with_connector(connector).with_pool_size(1).build();
        Self { inner, webhook, client: Arc::new(client) }
    }
}

impl<S> Service<LambdaInvocation> for Streamed<S>
where
    S: Service<LambdaInvocation, Response = (), Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let event: Option<Event> = serde_json::from_slice(&invocation.body).ok();
        let Some(Event(payload)) = event.filter(|Event(event)| is_function_url(event)) else {
            return Box::pin(self.inner.call(invocation));
        };
        let (webhook, client) = (Arc::clone(&self.webhook), Arc::clone(&self.client));
        Box::pin(async move {
            let LambdaInvocation { parts, context, .. } = invocation;
            let request_id = context.request_id.clone();
            let event = LambdaEvent { payload, context };
            // A request that `lambda_http` cannot read makes it panic, and no layer further out
            // would stop that.
            let answer = async move { StreamAdapter::from(service(webhook)).call(event).await };
            let mut request = match AssertUnwindSafe(answer).catch_unwind().await {
                Ok(Ok(answer)) => response(&request_id, answer)?,
                Err(_) => failure(&request_id)?,
            };
            if let Some(value) = parts.headers.get(INVOCATION_ID) {
                request.headers_mut().insert(INVOCATION_ID, value.clone());
            }
            match client.call(request).await.map(|taken| taken.status()) {
                Ok(status) if status.is_success() => {}
                Ok(status) => tracing::error!(status = status.as_u16(), "answer not taken"),
                Err(error) => tracing::error!(error = %Chain(error.as_ref()), "answer not taken"),
            }
            Ok(())
        })
    }
}

/// The answer as a request to the Runtime API.
fn response<S>(id: &str, answer: StreamResponse<S>) -> Result<Request<body::Body>, BoxError>
where
    S: Stream<Item = Result<Bytes, Infallible>> + Unpin + Send + 'static,
{
    let prelude = serde_json::to_vec(&answer.metadata_prelude)?;
    let head = VecDeque::from([Bytes::from(prelude), SEPARATOR]);
    let request = build_request()
        .method(Method::POST)
        .uri(format!("/2018-06-01/runtime/invocation/{id}/response"))
        .header("transfer-encoding", "chunked")
        .header("lambda-runtime-function-response-mode", "streaming")
        .header("content-type", "application/vnd.awslambda.http-integration-response");
    Ok(request.body(body::Body::new(Pieces { head, stream: answer.stream }))?)
}

/// The report that there is no answer; a function URL makes a 502 of it.
fn failure(id: &str) -> Result<Request<body::Body>, BoxError> {
    let report = r#"{"errorType":"Panic","errorMessage":"the request could not be read"}"#;
    let request = build_request()
        .method(Method::POST)
        .uri(format!("/2018-06-01/runtime/invocation/{id}/error"))
        .header("lambda-runtime-function-error-type", "unhandled");
    Ok(request.body(body::Body::from(report))?)
}

/// Prelude and separator, then the body as it comes. `cargo lambda watch` wants each of the first
/// two in a piece of its own.
struct Pieces<S> {
    head: VecDeque<Bytes>,
    stream: S,
}

impl<S: Stream<Item = Result<Bytes, Infallible>> + Unpin> Body for Pieces<S> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if let Some(piece) = this.head.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let next = Pin::new(&mut this.stream).poll_next(context);
        next.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
