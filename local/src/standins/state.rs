//! What changes while a stand-in runs, and which contacts it accepts.

use std::sync::Arc;

use patchcord::{contacts::Fields, ground::clock::Clock};
use serde_json::Value;

use super::{
    Refusal, Settings,
    part::{Address, Part},
    sequence::Sequence,
    tenants::{Tenant, Tenants},
};

/// What changes while a stand-in runs.
pub(super) struct State {
    pub(super) tenants: Tenants,
    pub(super) settings: Settings,
    pub(super) sequence: Sequence,
    /// The number of the latest contact; ids are not used twice, not even by different tenants.
    pub(super) latest: u64,
}

impl State {
    pub(super) fn new(part: &dyn Part, settings: &Settings, clock: &Arc<dyn Clock>) -> Self {
        Self {
            tenants: Tenants::with(part.default_key()),
            settings: settings.clone(),
            sequence: Sequence::new(Arc::clone(clock)),
            latest: 0,
        }
    }

    pub(super) fn tenant(&self, name: &str) -> Result<&Tenant, Refusal> {
        self.tenants.get(name).ok_or(Refusal::NotFound("tenant"))
    }

    pub(super) fn tenant_mut(&mut self, name: &str) -> Result<&mut Tenant, Refusal> {
        self.tenants.get_mut(name).ok_or(Refusal::NotFound("tenant"))
    }

    pub(super) fn address<'a>(&'a self, name: &'a str) -> Option<Address<'a>> {
        let (tenant, settings) = (self.tenants.get(name)?, &self.settings);
        Some(Address {
            tenant: name,
            integration: &tenant.integration,
            url: settings.deliver_to.as_deref()?,
            bearer: tenant.bearer(),
            settings,
        })
    }

    /// Whether the fields can be written, to the contact of this number or to a new one.
    pub(super) fn check(
        &self,
        tenant: &str,
        number: Option<u64>,
        fields: &Fields,
    ) -> Result<(), Refusal> {
        let contacts = &self.tenant(tenant)?.contacts;
        for field in ["id", "updated_at"] {
            if fields.contains_key(field) {
                return Err(Refusal::Invalid(format!("{field}: the server's, not to be written")));
            }
        }
        if let Some(reject) = self.settings.reject.iter().find(|reject| reject.is_about(fields)) {
            return Err(Refusal::Invalid(format!("{}: not accepted", reject.field)));
        }
        match fields.get("email") {
            None | Some(Value::Null) => Ok(()),
            Some(Value::String(email)) if email.is_empty() => Ok(()),
            Some(Value::String(email)) if email.contains('@') => {
                let others = || contacts.by_email(email).into_iter().any(|n| Some(n) != number);
                let taken = self.settings.unique_emails && others();
                if taken { Err(Refusal::Conflict) } else { Ok(()) }
            }
            Some(_) => Err(Refusal::Invalid("email: expected an e-mail address".to_owned())),
        }
    }
}
