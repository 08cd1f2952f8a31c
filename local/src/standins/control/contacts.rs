//! Changes that a person makes in the service itself, and a look at its contacts.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use patchcord::contacts::Fields;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::standins::{
    Refusal,
    core::{By, Core},
    extract::AnyBody,
    tenants::LOCAL,
};

/// Whose contacts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    #[serde(default = "local")]
    tenant: String,
    /// Only contacts after this id.
    after: Option<String>,
    /// How many at most.
    #[serde(default = "some")]
    limit: usize,
}

fn local() -> String {
    LOCAL.to_owned()
}

const fn some() -> usize {
    100
}

pub(super) async fn list(
    State(core): State<Arc<Core>>,
    Query(whose): Query<Whose>,
) -> Result<Json<Value>, Refusal> {
    let after = whose.after.and_then(|id| core.part.number(&id)).unwrap_or(0);
    let (contacts, total) =
        core.select(&whose.tenant, |contacts| contacts.after(after).take(whose.limit).collect())?;
    let contacts: Vec<Value> = contacts.iter().map(|contact| core.part.render(contact)).collect();
    Ok(Json(json!({ "contacts": contacts, "total": total })))
}

pub(super) async fn create(
    State(core): State<Arc<Core>>,
    Query(whose): Query<Whose>,
    AnyBody(fields): AnyBody<Fields>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let contact = core.create(&whose.tenant, fields, By::User)?;
    Ok((StatusCode::CREATED, Json(core.part.render(&contact))))
}

pub(super) async fn update(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    AnyBody(fields): AnyBody<Fields>,
) -> Result<Json<Value>, Refusal> {
    let contact = core.update(&whose.tenant, &id, &fields, By::User)?;
    Ok(Json(core.part.render(&contact)))
}

pub(super) async fn delete(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
) -> Result<StatusCode, Refusal> {
    core.delete(&whose.tenant, &id, By::User)?;
    Ok(StatusCode::NO_CONTENT)
}
