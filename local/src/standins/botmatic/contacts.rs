//! `POST`, `PATCH` and `DELETE /api/contacts…`, one contact at a time; many are in `bulk.rs`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use patchcord::contacts::Fields;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Botmatic, bulk};
use crate::standins::{
    Refusal,
    app::App,
    core::By,
    extract::{Caller, JsonBody},
};

/// `{"contact": {…}}` or `{"contacts": […]}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum New {
    Contact(Fields),
    Contacts(Vec<Value>),
}

pub(super) async fn create(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    JsonBody(new): JsonBody<New>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let answer = match new {
        New::Contact(fields) => {
            let contact = app.core.create(&tenant, fields, By::Api)?;
            json!({ "success": true, "id": app.core.part.id_to_json(&contact.id) })
        }
        New::Contacts(contacts) => bulk::create(&app.core, &tenant, contacts)?,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `{"contact_id": …, "contact": {…}}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    contact_id: Value,
    contact: Fields,
}

pub(super) async fn update(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    Path(id): Path<String>,
    JsonBody(update): JsonBody<Update>,
) -> Result<Json<Value>, Refusal> {
    if id_of(&update.contact_id).as_deref() != Some(&id) {
        return Err(Refusal::Invalid("contact_id: expected the id of the path".to_owned()));
    }
    let contact = app.core.update(&tenant, &id, &update.contact, By::Api)?;
    Ok(Json(json!({ "success": true, "id": app.core.part.id_to_json(&contact.id) })))
}

pub(super) async fn delete(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    app.core.delete(&tenant, &id, By::Api)?;
    Ok(StatusCode::NO_CONTENT)
}

/// An id as a text; it may come as a number.
pub(super) fn id_of(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
