//! `/_control`: what people and tests do to a stand-in, and see of it. No key is asked for, and
//! nothing here fails on purpose or is counted.

mod contacts;
mod keys;
mod settings;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    routing::{delete, get, patch, post, put},
};
use serde_json::{Map, Value, json};

use super::core::Core;

/// What both have.
pub(super) fn routes() -> Router<Arc<Core>> {
    Router::new()
        .route("/_control/state", get(state))
        .route("/_control/reset", post(reset))
        .route("/_control/requests", get(requests))
        .route("/_control/settings", put(settings::put))
        .route("/_control/faults", put(settings::put_faults))
        .route("/_control/delivery-faults", put(settings::put_delivery_faults))
        .route("/_control/outbox", get(settings::outbox).put(settings::put_outbox))
        .route("/_control/tenants/{tenant}", put(keys::put))
        .route("/_control/keys/{key}", delete(keys::revoke))
        .route("/_control/contacts", get(contacts::list).post(contacts::create))
        .route("/_control/contacts/{id}", patch(contacts::update).delete(contacts::delete))
}

async fn state(State(core): State<Arc<Core>>) -> Json<Value> {
    let tenants: Map<String, Value> = core.with_tenants(|tenants| {
        let shown = tenants.iter().map(|(name, tenant)| {
            let (contacts, integration) = (tenant.contacts.len(), &tenant.integration);
            (name.to_owned(), json!({ "contacts": contacts, "integration": integration }))
        });
        shown.collect()
    });
    Json(json!({
        "tenants": tenants,
        "settings": core.settings(),
        "faults": core.faults.get(),
        "delivery_faults": core.outbox.faults(),
        "more": core.part.state(),
    }))
}

async fn reset(State(core): State<Arc<Core>>) -> Json<Value> {
    core.reset();
    Json(json!({ "success": true }))
}

async fn requests(State(core): State<Arc<Core>>) -> Json<super::Requests> {
    Json(core.requests.snapshot())
}
