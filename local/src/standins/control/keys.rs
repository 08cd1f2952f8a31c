//! Tenants, and the keys by which they are known. (Botmatic calls them integration tokens.)

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::standins::{Refusal, core::Core, extract::AnyBody};

/// What is to be different.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenant {
    /// Valid from now on, beside the keys that there are.
    key: Option<String>,
    /// What the other side calls the tenant.
    integration: Option<String>,
    /// The bearer token of deliveries.
    deliver_with: Option<String>,
}

/// Changes a tenant, which is made if it is new.
pub(super) async fn put(
    State(core): State<Arc<Core>>,
    Path(name): Path<String>,
    AnyBody(change): AnyBody<Tenant>,
) -> Json<Value> {
    core.with_tenants(|tenants| {
        let tenant = tenants.get_or_add(&name);
        if let Some(integration) = change.integration {
            tenant.integration = integration;
        }
        if let Some(bearer) = change.deliver_with {
            tenant.deliver_with(bearer);
        }
        if let Some(key) = change.key {
            tenants.add_key(&name, &key);
        }
    });
    Json(json!({ "success": true }))
}

pub(super) async fn revoke(
    State(core): State<Arc<Core>>,
    Path(key): Path<String>,
) -> Result<Json<Value>, Refusal> {
    if core.with_tenants(|tenants| tenants.revoke_key(&key)) {
        Ok(Json(json!({ "success": true })))
    } else {
        Err(Refusal::NotFound("key"))
    }
}
