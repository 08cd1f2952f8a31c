//! Who has contacts here, and by which keys they are known.

use std::collections::{BTreeMap, HashMap};

use super::contacts::Contacts;

/// The tenant that is there from the start.
pub(super) const LOCAL: &str = "local";

/// One tenant.
#[derive(Default)]
pub(super) struct Tenant {
    pub(super) contacts: Contacts,
    /// What the other side calls it.
    pub(super) integration: String,
    /// The bearer token of deliveries: the latest key, or what was chosen instead.
    bearer: String,
    is_bearer_chosen: bool,
}

impl Tenant {
    pub(super) fn bearer(&self) -> &str {
        &self.bearer
    }

    pub(super) fn deliver_with(&mut self, bearer: String) {
        self.bearer = bearer;
        self.is_bearer_chosen = true;
    }
}

/// All of them.
#[derive(Default)]
pub(super) struct Tenants {
    by_name: BTreeMap<String, Tenant>,
    /// Valid keys, and whose they are. A tenant may have several.
    keys: HashMap<String, String>,
}

impl Tenants {
    /// One tenant with one key.
    pub(super) fn with(key: &str) -> Self {
        let mut tenants = Self::default();
        tenants.add_key(LOCAL, key);
        tenants
    }

    /// The tenant, which is made if it is new.
    pub(super) fn get_or_add(&mut self, name: &str) -> &mut Tenant {
        self.by_name
            .entry(name.to_owned())
            .or_insert_with(|| Tenant { integration: name.to_owned(), ..Tenant::default() })
    }

    /// Makes a key valid, and the tenant if it is new.
    pub(super) fn add_key(&mut self, tenant: &str, key: &str) {
        let added = self.get_or_add(tenant);
        if !added.is_bearer_chosen {
            key.clone_into(&mut added.bearer);
        }
        self.keys.insert(key.to_owned(), tenant.to_owned());
    }

    /// Says whether it was valid.
    pub(super) fn revoke_key(&mut self, key: &str) -> bool {
        self.keys.remove(key).is_some()
    }

    pub(super) fn of_key(&self, key: &str) -> Option<&str> {
        self.keys.get(key).map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Tenant> {
        self.by_name.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Tenant> {
        self.by_name.get_mut(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Tenant)> {
        self.by_name.iter().map(|(name, tenant)| (name.as_str(), tenant))
    }
}
