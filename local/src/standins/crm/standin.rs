//! The CRM's routes, and what its handle has of its own.

use axum::{
    Json, Router,
    extract::State,
    routing::{get, put},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Crm, contacts, list};
use crate::standins::{
    Refusal, Standin, StandinError, StandinOptions, app::App, extract::AnyBody, standin::serve,
    tenants::LOCAL,
};

/// The stand-in for a CRM. Its tenant `local` has the key `local-crm-key`.
pub type CrmStandin = Standin<Crm>;

impl CrmStandin {
    /// Starts it.
    pub async fn start(options: StandinOptions) -> Result<Self, StandinError> {
        let one = get(contacts::get).patch(contacts::update).delete(contacts::delete);
        let api = Router::new()
            .route("/contacts", get(list::list).post(contacts::create))
            .route("/contacts/{id}", one);
        let controls = Router::new().route("/_control/generate", put(generate));
        serve(options, Crm::default(), api, controls).await
    }

    /// Gives the tenant `count` contacts that take no memory, in place of those it has. Nothing is
    /// delivered about them.
    pub fn generate(&self, tenant: &str, count: u64, seed: u64) -> Result<(), Refusal> {
        self.core.generate(tenant, count, seed)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generate {
    count: u64,
    #[serde(default)]
    seed: u64,
    tenant: Option<String>,
}

async fn generate(
    State(app): State<App<Crm>>,
    AnyBody(wanted): AnyBody<Generate>,
) -> Result<Json<Value>, Refusal> {
    let tenant = wanted.tenant.as_deref().unwrap_or(LOCAL);
    app.core.generate(tenant, wanted.count, wanted.seed)?;
    Ok(Json(json!({ "success": true })))
}
