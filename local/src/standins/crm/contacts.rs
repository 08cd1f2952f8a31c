//! `POST /contacts`, and `GET`, `PATCH` and `DELETE /contacts/{id}`.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use patchcord::contacts::Fields;
use serde_json::Value;

use super::{
    Crm,
    part::{Made, fingerprint},
};
use crate::standins::{
    Refusal,
    app::App,
    core::By,
    extract::{Caller, JsonBody},
    part::Part as _,
};

/// Creates a contact, once for each `Idempotency-Key`. The same key with other fields is refused:
/// <https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.6>
pub(super) async fn create(
    State(app): State<App<Crm>>,
    Caller(tenant): Caller,
    headers: HeaderMap,
    JsonBody(fields): JsonBody<Fields>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Some(key) = headers.get("idempotency-key") else {
        let contact = app.core.create(&tenant, fields, By::Api)?;
        return Ok((StatusCode::CREATED, Json(app.part.render(&contact))));
    };
    let key = key.to_str().ok().filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Refusal::Invalid("Idempotency-Key: expected a text".to_owned()))?;
    let (key, fingerprint) = ((tenant.clone(), key.to_owned()), fingerprint(&fields));
    // Held until it is done: of two requests with one key at once, the second finds the first.
    let mut made = app.part.made();
    let (status, contact) = match made.get(&key) {
        Some(before) if before.fingerprint != fingerprint => {
            let message = "Idempotency-Key: used before with other fields";
            return Err(Refusal::Invalid(message.to_owned()));
        }
        Some(before) => (StatusCode::OK, app.core.get(&tenant, &before.id)?),
        None => {
            let contact = app.core.create(&tenant, fields, By::Api)?;
            made.insert(key, Made { fingerprint, id: contact.id.clone() });
            (StatusCode::CREATED, contact)
        }
    };
    Ok((status, Json(app.part.render(&contact))))
}

pub(super) async fn get(
    State(app): State<App<Crm>>,
    Caller(tenant): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let contact = app.core.get(&tenant, &id)?;
    Ok(Json(app.part.render(&contact)))
}

pub(super) async fn update(
    State(app): State<App<Crm>>,
    Caller(tenant): Caller,
    Path(id): Path<String>,
    JsonBody(patch): JsonBody<Fields>,
) -> Result<Json<Value>, Refusal> {
    let contact = app.core.update(&tenant, &id, &patch, By::Api)?;
    Ok(Json(app.part.render(&contact)))
}

pub(super) async fn delete(
    State(app): State<App<Crm>>,
    Caller(tenant): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    app.core.delete(&tenant, &id, By::Api)?;
    Ok(StatusCode::NO_CONTENT)
}
