//! What handlers take out of a request: who calls, and a JSON body.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{Refusal, core::Core};

/// The tenant whose key came with the request.
#[derive(Debug)]
pub(super) struct Caller(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Arc<Core>: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let header = parts.headers.get(header::AUTHORIZATION);
        let key = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let tenant = key.and_then(|key| Arc::<Core>::from_ref(state).tenant_of(key));
        tenant.map(Self).ok_or(Refusal::Unauthorized)
    }
}

/// A body that says it is JSON, and is. The API's bodies are.
#[derive(Debug)]
pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is(request.headers(), "application/json") {
            return Err(Refusal::MediaType("application/json"));
        }
        parse(request, state).await.map(Self)
    }
}

/// A body that is JSON whatever it says, as of `curl -d` without a header. For people.
#[derive(Debug)]
pub(super) struct AnyBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for AnyBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        parse(request, state).await.map(Self)
    }
}

async fn parse<S: Send + Sync, T: DeserializeOwned>(
    request: Request,
    state: &S,
) -> Result<T, Refusal> {
    let body = Bytes::from_request(request, state).await;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::Unreadable,
    })?;
    serde_json::from_slice(&body).map_err(|error| Refusal::of_json(&body, &error))
}

/// Whether the content type is this, whatever its parameters.
pub(super) fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case(wanted))
}
