//! From a request to the operation it names.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::post;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::answer::{Outcome, respond};
use super::input::{OfQueue, read};
use super::{messages, queues};
use crate::queue::{QueueError, Queues};

/// Ten messages of 1 MiB would not be accepted, but are read before that is said.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// What the handlers know.
#[derive(Clone)]
pub(in crate::queue) struct App {
    pub queues: Arc<Queues>,
    /// What stands before the path of a queue's URL.
    pub base: Arc<str>,
}

pub(in crate::queue) fn routes(app: App) -> Router {
    let handler = post(handle);
    // SDKs of old post to the URL of the queue.
    Router::new()
        .route("/", handler.clone())
        .route("/{account}/{queue}", handler)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
}

async fn handle(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = perform(&app, &headers, &body).await;
    respond(outcome, &app.queues.id())
}

async fn perform(app: &App, headers: &HeaderMap, body: &[u8]) -> Outcome {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // Who signs is not looked at; but a client that does not sign would fail on AWS only.
    if !header(AUTHORIZATION.as_str()).is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 ")) {
        return Err(QueueError::NotSigned);
    }
    let target = header("x-amz-target").and_then(|target| target.strip_prefix("AmazonSQS."));
    let operation = target.ok_or(QueueError::UnknownOperation)?;
    let App { queues, base } = app;
    match operation {
        "CreateQueue" => return queues::create(queues, base, &read(body)?),
        "GetQueueUrl" => return queues::url(queues, base, &read(body)?),
        _ => {}
    }
    let of: OfQueue = read(body)?;
    match operation {
        "ChangeMessageVisibility" => messages::change_visibility(queues, of.name()?, &read(body)?),
        "DeleteMessage" => messages::delete(queues, of.name()?, &read(body)?),
        "DeleteMessageBatch" => messages::delete_batch(queues, of.name()?, read(body)?),
        "GetQueueAttributes" => queues::attributes(queues, of.name()?, &read(body)?),
        "PurgeQueue" => queues::purge(queues, of.name()?),
        "ReceiveMessage" => messages::receive(queues, of.name()?, read(body)?).await,
        "SendMessage" => messages::send(queues, of.name()?, read(body)?),
        "SendMessageBatch" => messages::send_batch(queues, of.name()?, read(body)?),
        _ => Err(QueueError::UnknownOperation),
    }
}
