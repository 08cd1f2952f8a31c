//! The Runtime API as one instance sees it.

use std::{
    process::ExitStatus,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt,
};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::{net::TcpListener, sync::oneshot};

use super::{InstanceId, LambdaError, dispatch::Queued, instance::record_start, lambda::Shared};

/// `AWS_LAMBDA_FUNCTION_NAME`.
pub(super) const FUNCTION_NAME: &str = "function";
const FUNCTION_ARN: &str = "arn:aws:lambda:eu-west-1:000000000000:function:function";
/// An error report is small.
const MOST_ERROR_BYTES: usize = 1024 * 1024;

/// What the handlers know.
#[derive(Debug)]
pub(super) struct Server {
    instance: InstanceId,
    shared: Arc<Shared>,
    begun: Instant,
    starting: Arc<AtomicBool>,
    /// Told once: the first `/next`, or the end before it.
    ready: Mutex<Option<oneshot::Sender<Result<(), LambdaError>>>>,
    /// What `/init/error` was told.
    init_error: Mutex<Option<Report>>,
}

/// A function's error report.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Report {
    error_type: String,
    error_message: String,
}

impl Server {
    pub(super) fn new(
        instance: InstanceId,
        shared: Arc<Shared>,
        begun: Instant,
        starting: Arc<AtomicBool>,
        ready: oneshot::Sender<Result<(), LambdaError>>,
    ) -> Self {
        let ready = Mutex::new(Some(ready));
        Self { instance, shared, begun, starting, ready, init_error: Mutex::default() }
    }

    pub(super) const fn instance(&self) -> InstanceId {
        self.instance
    }

    /// The first `/next`.
    fn started(&self) {
        if self.starting.swap(false, Ordering::Relaxed) {
            record_start(&self.shared, self.begun.elapsed());
            self.tell(Ok(()));
        }
    }

    /// The process is no more. If it was still in init, that has failed.
    pub(super) fn ended(&self, status: ExitStatus, stderr: String) {
        let report = self.init_error.lock().unwrap_or_else(PoisonError::into_inner).take();
        let status = report.map_or_else(
            || status.to_string(),
            |report| format!("{status}: {}: {}", report.error_type, report.error_message),
        );
        self.tell(Err(LambdaError::Init { instance: self.instance, status, stderr }));
    }

    fn tell(&self, outcome: Result<(), LambdaError>) {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ready) = ready {
            let _ = ready.send(outcome);
        }
    }
}

/// Answers the instance for as long as it lives.
pub(super) async fn serve(listener: TcpListener, server: Arc<Server>) {
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(server);
    // An answer is a small packet; it must not wait for the next one.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let _ = axum::serve(listener, routes).await;
}

async fn next(State(server): State<Arc<Server>>) -> Response {
    server.started();
    match server.shared.dispatch.next(server.instance).await {
        Ok(queued) => invocation(&server, queued),
        Err(_) => StatusCode::GONE.into_response(),
    }
}

fn invocation(server: &Arc<Server>, queued: Queued) -> Response {
    let request_id = request_id();
    let timeout = server.shared.dispatch.timeout();
    let deadline = since_1970() + timeout;
    let timer = {
        let (server, request_id) = (Arc::clone(server), request_id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(timeout).await;
            let dispatch = &server.shared.dispatch;
            if dispatch.fail(&request_id, LambdaError::TimedOut { after: timeout }) {
                dispatch.kill(server.instance);
            }
        })
    };
    let dispatch = &server.shared.dispatch;
    let timer = timer.abort_handle();
    let Some(event) = dispatch.begin(server.instance, request_id.clone(), queued, timer) else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", request_id),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", FUNCTION_ARN.to_owned()),
    ];
    (headers, event).into_response()
}

async fn response(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let dispatch = &server.shared.dispatch;
    let mode = headers.get("lambda-runtime-function-response-mode");
    let streamed = mode.is_some_and(|mode| mode == "streaming");
    let Some(caller) = dispatch.answer(server.instance, &id, streamed) else {
        return unknown(&id);
    };
    let mut body = body.into_data_stream();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| LambdaError::CutShort(error.into()));
        let last = chunk.is_err();
        let gone = caller.send(chunk).is_err();
        if last || gone {
            break;
        }
    }
    dispatch.finish(&id);
    accepted()
}

async fn error(State(server): State<Arc<Server>>, Path(id): Path<String>, body: Body) -> Response {
    let Report { error_type, error_message: message } = report(body).await;
    if server.shared.dispatch.fail(&id, LambdaError::Function { error_type, message }) {
        accepted()
    } else {
        unknown(&id)
    }
}

async fn init_error(State(server): State<Arc<Server>>, body: Body) -> Response {
    let report = report(body).await;
    *server.init_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    accepted()
}

/// A report that cannot be read is still a report.
async fn report(body: Body) -> Report {
    let body = axum::body::to_bytes(body, MOST_ERROR_BYTES).await.unwrap_or_default();
    serde_json::from_slice(&body).unwrap_or_default()
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(serde_json::json!({ "status": "OK" }))).into_response()
}

fn unknown(id: &str) -> Response {
    let message = format!("{id} is not running here");
    let body = serde_json::json!({ "errorType": "InvalidRequestID", "errorMessage": message });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// As long and as unique as a version 4 UUID, and spelled like one.
fn request_id() -> String {
    let id = format!("{:032x}", fastrand::u128(..));
    format!("{}-{}-4{}-a{}-{}", &id[..8], &id[8..12], &id[13..16], &id[17..20], &id[20..])
}

#[expect(
    clippy::disallowed_methods,
    reason = "functions compare the deadline with their own clock"
)]
fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
