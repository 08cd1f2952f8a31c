//! Stands in front of an API: counts its requests and lets some of them fail.

use std::{future::pending, sync::Arc};

use axum::{
    Extension,
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Fault;
use crate::standins::{body, core::Core, requests::Outcome, server::Cut};

pub(in crate::standins) async fn layer(
    State(core): State<Arc<Core>>,
    Extension(cut): Extension<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let verdict = core.faults.next(&method, &path);
    let seen = core.requests.begin(method, path, route);
    tokio::time::sleep(verdict.latency).await;
    let request = match body::read(request, core.body_limit).await {
        Ok(request) => request,
        Err(refusal) => {
            seen.end(Outcome::Status(refusal.status().as_u16()));
            return refusal.into_response();
        }
    };
    match verdict.fault {
        None => {
            let response = next.run(request).await;
            seen.end(Outcome::Status(response.status().as_u16()));
            response
        }
        Some(Fault::Status(status)) => {
            seen.end(Outcome::Status(status));
            let status = StatusCode::from_u16(status);
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Some(Fault::RateLimited { retry_after }) => {
            seen.end(Outcome::Status(429));
            let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            response
        }
        Some(Fault::Timeout) => {
            seen.end(Outcome::NoAnswer);
            pending().await
        }
        Some(Fault::DropBefore) => {
            seen.end(Outcome::DroppedBefore);
            cut.connection().await
        }
        Some(Fault::DropAfter) => {
            drop(next.run(request).await);
            seen.end(Outcome::DroppedAfter);
            cut.connection().await
        }
    }
}
