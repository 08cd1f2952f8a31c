//! Botmatic's routes, and what its handle has of its own.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    routing::{get, patch, post},
};
use serde_json::Value;

use super::{Botmatic, CampaignEvent, bots, bulk, campaigns, contacts, events, token};
use crate::standins::{Refusal, Standin, StandinError, StandinOptions, app::App, standin::serve};

/// The stand-in for Botmatic. Its tenant `local` has the key `local-token`.
pub type BotmaticStandin = Standin<Botmatic>;

impl BotmaticStandin {
    /// Starts it.
    pub async fn start(options: StandinOptions) -> Result<Self, StandinError> {
        let api = Router::new()
            .route("/api/integrationtokens/validate", post(token::validate))
            .route("/api/contacts", post(contacts::create).patch(bulk::update))
            .route("/api/contacts/{id}", patch(contacts::update).delete(contacts::delete))
            .route("/api/properties", post(campaigns::add_properties))
            .route("/api/campaigns/execute-event", post(campaigns::execute))
            .route("/api/bots", get(bots::list))
            .route("/api/bots/{id}", get(bots::get).patch(bots::replace));
        let controls = Router::new().route("/_control/events", post(events::send));
        serve(options, Botmatic::default(), api, controls).await
    }

    /// The properties of a tenant: their types by name.
    pub fn properties(&self, tenant: &str) -> BTreeMap<String, String> {
        self.part.with(tenant, |own| own.properties.clone())
    }

    /// The campaign events that were executed.
    pub fn campaign_events(&self, tenant: &str) -> Vec<CampaignEvent> {
        self.part.with(tenant, |own| own.campaign_events.clone())
    }

    /// Sends any event, such as `install`, to the integration's endpoint, through the outbox.
    pub fn sends_event(&self, tenant: &str, name: &str, data: &Value) -> Result<(), Refusal> {
        self.app().send(tenant, "event", name, data)
    }

    /// Sends an action.
    pub fn sends_action(&self, tenant: &str, name: &str, data: &Value) -> Result<(), Refusal> {
        self.app().send(tenant, "action", name, data)
    }

    fn app(&self) -> App<Botmatic> {
        App { core: Arc::clone(&self.core), part: Arc::clone(&self.part) }
    }
}
