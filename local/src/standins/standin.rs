//! The handle of a stand-in: what a test does without HTTP.

use std::sync::Arc;

use axum::Router;
use patchcord::contacts::Fields;
use serde_json::Value;

use super::{
    BadFaults, Contact, DeliveryFaults, Faults, OutboxSnapshot, Refusal, Requests, Settings,
    StandinError, StandinOptions,
    app::{self, App},
    core::{By, Core},
    part::Part,
    server::Server,
};

/// A running stand-in. It ends when it is dropped; [`Standin::stop`] also waits for it.
///
/// Tenants are named; the one that is there from the start is `local`.
pub struct Standin<P> {
    pub(super) core: Arc<Core>,
    pub(super) part: Arc<P>,
    server: Server,
}

pub(super) async fn serve<P: Part>(
    options: StandinOptions,
    part: P,
    api: Router<App<P>>,
    own_controls: Router<App<P>>,
) -> Result<Standin<P>, StandinError> {
    let (addr, part) = (options.addr, Arc::new(part));
    let core = Arc::new(Core::new(options, Arc::<P>::clone(&part))?);
    let app = App { core: Arc::clone(&core), part: Arc::clone(&part) };
    let server = Server::start(addr, app::routes(app, api, own_controls)).await?;
    Ok(Standin { core, part, server })
}

impl<P> Standin<P> {
    /// Its base URL.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.server.addr())
    }

    /// Makes a key valid, beside those that the tenant has. A new tenant is made.
    pub fn add_key(&self, tenant: &str, key: &str) {
        self.core.with_tenants(|tenants| tenants.add_key(tenant, key));
    }

    /// What the other side calls the tenant: its name, until it is told otherwise.
    pub fn set_integration(&self, tenant: &str, integration: &str) {
        self.core.with_tenants(|tenants| {
            integration.clone_into(&mut tenants.get_or_add(tenant).integration);
        });
    }

    /// The bearer token of a tenant's deliveries: its latest key, until it is told otherwise.
    pub fn deliver_with(&self, tenant: &str, bearer: &str) {
        self.core
            .with_tenants(|tenants| tenants.get_or_add(tenant).deliver_with(bearer.to_owned()));
    }

    /// Says whether it was valid.
    pub fn revoke_key(&self, key: &str) -> bool {
        self.core.with_tenants(|tenants| tenants.revoke_key(key))
    }

    /// All contacts of a tenant in the order of their creation; none of an unknown one.
    pub fn contacts(&self, tenant: &str) -> Vec<Contact> {
        let all = self.core.select(tenant, |contacts| contacts.after(0).collect());
        all.map(|(contacts, _)| contacts).unwrap_or_default()
    }

    /// How many contacts a tenant has.
    pub fn count(&self, tenant: &str) -> usize {
        self.core.with_tenants(|tenants| tenants.get(tenant).map_or(0, |t| t.contacts.len()))
    }

    /// One contact.
    pub fn contact(&self, tenant: &str, id: &str) -> Option<Contact> {
        self.core.get(tenant, id).ok()
    }

    /// A person creates a contact.
    pub fn user_creates(&self, tenant: &str, fields: Fields) -> Result<Contact, Refusal> {
        self.core.create(tenant, fields, By::User)
    }

    /// A person changes a contact: null removes a field, others are replaced.
    #[expect(clippy::needless_pass_by_value, reason = "made where it is used, as a new contact is")]
    pub fn user_updates(&self, tenant: &str, id: &str, patch: Fields) -> Result<Contact, Refusal> {
        self.core.update(tenant, id, &patch, By::User)
    }

    /// A person deletes a contact.
    pub fn user_deletes(&self, tenant: &str, id: &str) -> Result<(), Refusal> {
        self.core.delete(tenant, id, By::User)
    }

    /// What can be changed while it runs.
    pub fn settings(&self) -> Settings {
        self.core.settings()
    }

    /// Changes it.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.core.settings();
        change(&mut settings);
        self.core.set_settings(settings);
    }

    /// Takes the place of the faults there were.
    pub fn set_faults(&self, faults: Faults) -> Result<(), BadFaults> {
        faults.check()?;
        self.core.faults.set(faults);
        Ok(())
    }

    /// The same for deliveries; those that wait keep theirs.
    pub fn set_delivery_faults(&self, faults: DeliveryFaults) -> Result<(), BadFaults> {
        faults.check()?;
        self.core.outbox.set_faults(faults);
        Ok(())
    }

    /// Holds deliveries back, or lets them go.
    pub fn pause_deliveries(&self, paused: bool) {
        self.core.outbox.pause(paused);
    }

    /// Returns once every delivery has ended.
    pub async fn idle(&self) {
        self.core.outbox.idle().await;
    }

    /// What waits to be delivered, and what became of the rest.
    pub fn outbox(&self) -> OutboxSnapshot {
        self.core.outbox.snapshot()
    }

    /// What was asked of its API.
    pub fn requests(&self) -> Requests {
        self.core.requests.snapshot()
    }

    /// As it was when it started.
    pub fn reset(&self) {
        self.core.reset();
    }

    /// Ends it with its connections and deliveries.
    pub async fn stop(self) {
        self.server.stop().await;
        self.core.outbox.stop();
    }

    /// A contact as its API writes it.
    pub fn to_json(&self, contact: &Contact) -> Value {
        self.core.part.render(contact)
    }
}
