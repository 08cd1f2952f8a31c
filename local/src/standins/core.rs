//! What both stand-ins are made of: tenants with contacts, faults, a log of requests, and an outbox
//! that is told of every change under the same lock that makes it, so in the same order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use patchcord::{contacts::Fields, ground::clock::Clock};

use super::{
    Contact, Refusal, Settings, StandinError, StandinOptions,
    contacts::{Contacts, Generated, Record, merge},
    faults::FaultPlan,
    outbox::Outbox,
    part::{Address, Change, Part},
    requests::RequestLog,
    sequence::rfc3339,
    state::State,
    tenants::{Tenant, Tenants},
};

/// Who makes a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A client of the API.
    Api,
    /// A person who uses the service itself.
    User,
}

pub(super) struct Core {
    pub(super) part: Arc<dyn Part>,
    pub(super) faults: FaultPlan,
    pub(super) requests: RequestLog,
    pub(super) outbox: Outbox,
    pub(super) body_limit: usize,
    initial: Settings,
    clock: Arc<dyn Clock>,
    /// Nothing waits while it is locked.
    state: Mutex<State>,
}

impl Core {
    pub(super) fn new(options: StandinOptions, part: Arc<dyn Part>) -> Result<Self, StandinError> {
        let state = State::new(&*part, &options.settings, &options.clock);
        Ok(Self {
            part,
            faults: FaultPlan::default(),
            requests: RequestLog::default(),
            outbox: Outbox::new(options.retry)?,
            body_limit: options.body_limit,
            initial: options.settings,
            clock: options.clock,
            state: Mutex::new(state),
        })
    }

    /// As it was when it started, but for what is on its way.
    pub(super) fn reset(&self) {
        // Before the lock: a part may hold its own while it changes a contact.
        self.part.reset();
        let mut state = self.lock();
        *state = State::new(&*self.part, &self.initial, &self.clock);
        self.faults.set(super::Faults::default());
        self.requests.reset();
        self.outbox.reset();
    }

    pub(super) fn settings(&self) -> Settings {
        self.lock().settings.clone()
    }

    pub(super) fn set_settings(&self, settings: Settings) {
        self.lock().settings = settings;
    }

    pub(super) fn tenant_of(&self, key: &str) -> Option<String> {
        self.lock().tenants.of_key(key).map(ToOwned::to_owned)
    }

    /// Something with all tenants.
    pub(super) fn with_tenants<T>(&self, work: impl FnOnce(&mut Tenants) -> T) -> T {
        work(&mut self.lock().tenants)
    }

    pub(super) fn create(&self, tenant: &str, fields: Fields, by: By) -> Result<Contact, Refusal> {
        let mut state = self.lock();
        state.check(tenant, None, &fields)?;
        state.latest += 1;
        let number = state.latest;
        let mut kept = Fields::new();
        merge(&mut kept, fields);
        let contact = self.put(&mut state, tenant, number, kept)?;
        self.tell(&state, tenant, Change::Created(&contact), by);
        Ok(contact)
    }

    /// Merges; an update that changes nothing is told of like any other.
    pub(super) fn update(
        &self,
        tenant: &str,
        id: &str,
        patch: &Fields,
        by: By,
    ) -> Result<Contact, Refusal> {
        let mut state = self.lock();
        let (number, mut record) = self.find(state.tenant(tenant)?, id)?;
        state.check(tenant, Some(number), patch)?;
        merge(&mut record.fields, patch.clone());
        let contact = self.put(&mut state, tenant, number, record.fields)?;
        self.tell(&state, tenant, Change::Updated { contact: &contact, patch }, by);
        Ok(contact)
    }

    pub(super) fn delete(&self, tenant: &str, id: &str, by: By) -> Result<(), Refusal> {
        let mut state = self.lock();
        let (number, _) = self.find(state.tenant(tenant)?, id)?;
        state.tenant_mut(tenant)?.contacts.remove(number);
        self.tell(&state, tenant, Change::Deleted(id), by);
        Ok(())
    }

    pub(super) fn get(&self, tenant: &str, id: &str) -> Result<Contact, Refusal> {
        let state = self.lock();
        let (number, record) = self.find(state.tenant(tenant)?, id)?;
        Ok(self.contact(number, record))
    }

    /// Some contacts, and how many there are in all.
    pub(super) fn select(
        &self,
        tenant: &str,
        choose: impl FnOnce(&Contacts) -> Vec<u64>,
    ) -> Result<(Vec<Contact>, usize), Refusal> {
        let state = self.lock();
        let contacts = &state.tenant(tenant)?.contacts;
        let chosen = choose(contacts).into_iter();
        let chosen = chosen.filter_map(|number| Some(self.contact(number, contacts.get(number)?)));
        Ok((chosen.collect(), contacts.len()))
    }

    /// Takes the place of all contacts of the tenant.
    pub(super) fn generate(&self, tenant: &str, count: u64, seed: u64) -> Result<(), Refusal> {
        let mut state = self.lock();
        let at = state.sequence.next();
        state.latest = state.latest.max(count);
        state.tenant_mut(tenant)?.contacts = Contacts::generated(Generated { count, seed, at });
        Ok(())
    }

    /// Whether a bulk call with such a contact is refused as a whole.
    pub(super) fn is_rejected_whole(&self, fields: &Fields) -> bool {
        let state = self.lock();
        state.settings.reject.iter().any(|reject| reject.whole && reject.is_about(fields))
    }

    fn find(&self, tenant: &Tenant, id: &str) -> Result<(u64, Record), Refusal> {
        let number = self.part.number(id).ok_or(Refusal::NotFound("contact"))?;
        let record = tenant.contacts.get(number).ok_or(Refusal::NotFound("contact"))?;
        Ok((number, record))
    }

    fn put(
        &self,
        state: &mut State,
        tenant: &str,
        number: u64,
        fields: Fields,
    ) -> Result<Contact, Refusal> {
        let record = Record { fields, updated_at: state.sequence.next() };
        let contact = self.contact(number, record.clone());
        state.tenant_mut(tenant)?.contacts.put(number, record);
        Ok(contact)
    }

    fn contact(&self, number: u64, record: Record) -> Contact {
        let updated_at = rfc3339(record.updated_at);
        Contact { id: self.part.id(number), fields: record.fields, updated_at }
    }

    fn tell(&self, state: &State, tenant: &str, change: Change<'_>, by: By) {
        let settings = &state.settings;
        if (by == By::User || settings.echo)
            && let Some(address) = state.address(tenant)
        {
            self.outbox.send(self.part.message(address, change));
        }
    }

    /// Something with the address of a tenant's other side, if there is one.
    pub(super) fn with_address<T>(
        &self,
        tenant: &str,
        work: impl FnOnce(Address<'_>) -> T,
    ) -> Result<Option<T>, Refusal> {
        let state = self.lock();
        state.tenant(tenant)?;
        Ok(state.address(tenant).map(work))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
