//! Functions that answer HTTP requests, whatever kind of event these come as.

use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{Response, StatusCode};
use http_body::Body as _;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Body, IntoResponse, Request, RequestExt as _};
use lambda_runtime::{LambdaEvent, Service, service_fn};
use serde::Serialize;

use super::event::Event;
use crate::app::answer::AnswerBody;
use crate::app::botmatic::Botmatic;
use crate::app::problem::problem;
use crate::app::webhook::Webhook;
use crate::ground::clock::{Clock, Deadline, Timestamp};

/// A function that answers HTTP requests.
pub trait Function: Send + Sync + 'static {
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
pub(super) fn service<F: Function>(
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

/// Answers an event in one piece.
pub(super) async fn buffered<F: Function>(
    function: Arc<F>,
    LambdaEvent { payload: Event(payload), context }: LambdaEvent<Event>,
) -> Result<impl Serialize, Infallible> {
    let event = LambdaEvent { payload, context };
    Adapter::from(service(function).map_response(Buffered)).call(event).await
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
pub(super) fn is_function_url(event: &LambdaRequest) -> bool {
    let LambdaRequest::ApiGatewayV2(request) = event else { return false };
    let domain = request.request_context.domain_name.as_deref().unwrap_or_default();
    domain == "localhost" || domain.contains(".lambda-url.")
}
