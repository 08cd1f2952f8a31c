//! The Lambda around a function: any HTTP event in, a streamed or a buffered answer out.

mod event;
mod streamed;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use http::{Response, StatusCode};
use http_body::Body as _;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::tower::layer::layer_fn;
use lambda_http::{Adapter, Body, IntoResponse, Request, RequestExt as _};
use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, Service, service_fn};
use serde::Serialize;
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use super::answer::AnswerBody;
use super::botmatic::Botmatic;
use super::channel::Channel;
use super::import::ContactImport;
use super::problem::problem;
use super::setup::StartError;
use super::webhook::Webhook;
use super::worker::Worker;
use crate::ground::clock::{Clock, Deadline, Timestamp};
use crate::ground::telemetry::Chain;
use event::Event;
use streamed::Streamed;

/// Set to `buffered`, it answers function URLs whose `InvokeMode` is `BUFFERED`. Those cannot be
/// told from streaming ones by the event, and would show the caller the stream's prelude.
const RESPONSE_MODE: &str = "PATCHCORD_RESPONSE_MODE";

/// Whether answers may be streamed.
fn may_stream(mode: Option<&str>) -> Result<bool, StartError> {
    match mode {
        None | Some("" | "streamed") => Ok(true),
        Some("buffered") => Ok(false),
        Some(_) => Err(StartError::ResponseMode),
    }
}

/// What a connector has for its `disconnect`.
const DISCONNECT_TIMEOUT: Duration = Duration::from_millis(300);

impl Webhook {
    /// Answers invocations until the process is told to stop.
    pub async fn run(self) -> Result<(), StartError> {
        let webhook = Arc::new(self);
        let may_stream = may_stream(std::env::var(RESPONSE_MODE).ok().as_deref())?;
        let answering = Arc::clone(&webhook);
        let runtime =
            Runtime::new(service_fn(move |LambdaEvent { payload: Event(payload), context }| {
                let event = LambdaEvent { payload, context };
                // In one piece; `Streamed` takes what can be streamed before it comes here.
                Adapter::from(service(Arc::clone(&answering)).map_response(Buffered)).call(event)
            }));
        let streaming = Arc::clone(&webhook);
        let streamed = layer_fn(move |inner| Streamed::new(inner, Arc::clone(&streaming)));
        let runtime = async move {
            if may_stream { runtime.layer(streamed).run().await } else { runtime.run().await }
        };
        tokio::select! {
            result = runtime => result.map_err(StartError::Runtime),
            () = terminated() => {
                disconnect(&webhook.channels).await;
                Ok(())
            }
        }
    }
}

impl Botmatic {
    /// Answers invocations until the process is told to stop. No answer is streamed.
    pub async fn run(self) -> Result<(), StartError> {
        let botmatic = Arc::new(self);
        let runtime =
            Runtime::new(service_fn(move |LambdaEvent { payload: Event(payload), context }| {
                let event = LambdaEvent { payload, context };
                Adapter::from(service(Arc::clone(&botmatic)).map_response(Buffered)).call(event)
            }));
        tokio::select! {
            result = runtime.run() => result.map_err(StartError::Runtime),
            () = terminated() => Ok(()),
        }
    }
}

impl ContactImport {
    /// Does what it is invoked for until the process is told to stop.
    pub async fn run(self) -> Result<(), StartError> {
        let function = Arc::new(self);
        let clock = Arc::clone(&function.importer().imports().clock);
        let invocations = invocations(clock, "Import", move |event, deadline| {
            let function = Arc::clone(&function);
            async move { function.handle(event, deadline).await }
        });
        tokio::select! {
            result = invocations => result,
            () = terminated() => Ok(()),
        }
    }
}

impl Worker {
    /// Answers batches until the process is told to stop.
    pub async fn run(self) -> Result<(), StartError> {
        let worker = Arc::new(self);
        let working = Arc::clone(&worker);
        let invocations =
            invocations(Arc::clone(&worker.clock), "Worker", move |batch, deadline| {
                let worker = Arc::clone(&working);
                async move { worker.handle(batch, deadline).await }
            });
        tokio::select! {
            result = invocations => result,
            () = terminated() => {
                disconnect(&worker.channels).await;
                Ok(())
            }
        }
    }
}

/// Answers invocations with JSON. Failed ones are of the type `error_type`.
async fn invocations<F, R, E>(
    clock: Arc<dyn Clock>,
    error_type: &'static str,
    handle: impl Fn(Value, Deadline) -> F,
) -> Result<(), StartError>
where
    F: Future<Output = Result<R, E>>,
    R: Serialize,
    E: Error + 'static,
{
    let answer = |event: LambdaEvent<Value>| {
        let deadline = Timestamp::from_millis(event.context.deadline);
        let answer = Box::pin(handle(event.payload, Deadline::at(deadline, clock.now())));
        async move {
            answer.await.map_err(|error| {
                tracing::error!(error = %Chain(&error), "the invocation failed");
                Diagnostic { error_type: error_type.to_owned(), error_message: error.to_string() }
            })
        }
    };
    lambda_runtime::run(service_fn(answer)).await.map_err(StartError::Runtime)
}

async fn disconnect(channels: &BTreeMap<String, Channel>) {
    let disconnecting = channels.values().map(|channel| channel.connector.disconnect());
    // Lambda kills the process half a second after the signal.
    let _ = timeout(DISCONNECT_TIMEOUT, join_all(disconnecting)).await;
}

/// A function that answers HTTP requests.
pub(super) trait Function: Send + Sync + 'static {
    /// By what the time is told.
    fn clock(&self) -> &dyn Clock;

    /// Answers one request, before `deadline`.
    fn answer(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> impl Future<Output = Response<AnswerBody>> + Send;
}

impl Function for Webhook {
    fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    async fn answer(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        self.handle(request, deadline).await
    }
}

impl Function for Botmatic {
    fn clock(&self) -> &dyn Clock {
        self.clock()
    }

    async fn answer(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        self.handle(request, deadline).await
    }
}

async fn answer_request(function: &impl Function, request: Request) -> Response<AnswerBody> {
    let deadline = request.lambda_context_ref().map_or(0, |context| context.deadline);
    let deadline = Deadline::at(Timestamp::from_millis(deadline), function.clock().now());
    let request = request.map(|body| match body {
        Body::Text(text) => Bytes::from(text),
        Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    });
    let answer = AssertUnwindSafe(function.answer(request, deadline)).catch_unwind().await;
    answer.unwrap_or_else(|_| {
        // The panic hook has logged where. What it said may be what somebody wrote.
        problem(StatusCode::INTERNAL_SERVER_ERROR, "the function failed; its log says where")
    })
}

/// A function as a service of HTTP requests.
fn service<F: Function>(
    function: Arc<F>,
) -> impl Service<
    Request,
    Response = Response<AnswerBody>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<AnswerBody>, Infallible>> + Send + 'static,
> {
    service_fn(move |request: Request| {
        let function = Arc::clone(&function);
        async move { Ok::<_, Infallible>(answer_request(function.as_ref(), request).await) }
    })
}

/// An answer in one piece. All of ours are UTF-8, so that the conversion `lambda_http` would make,
/// with tables for every encoding there ever was (200 KB of binary), is not needed.
struct Buffered(Response<AnswerBody>);

impl IntoResponse for Buffered {
    fn into_response(self) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>> {
        let (parts, mut body) = self.0.into_parts();
        Box::pin(async move {
            let mut text = Vec::new();
            while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                text.extend(frame.into_data().unwrap_or_default());
            }
            let text = String::from_utf8_lossy(&text).into_owned();
            Response::from_parts(parts, Body::from(text))
        })
    }
}

/// Whether the event comes from a function URL, the only caller that understands a streamed answer.
/// API Gateway, load balancers and a plain invoke would pass its prelude on as the body.
/// `cargo lambda watch` says `localhost` and understands both.
fn is_function_url(event: &LambdaRequest) -> bool {
    let LambdaRequest::ApiGatewayV2(request) = event else { return false };
    let domain = request.request_context.domain_name.as_deref().unwrap_or_default();
    domain == "localhost" || domain.contains(".lambda-url.")
}

/// Resolves when the process gets SIGTERM.
async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}
