//! What Botmatic knows besides contacts, and how it tells of changes.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use serde_json::{Value, json};

use super::events;
use crate::standins::{
    outbox::Message,
    part::{Address, Change, Part},
};

/// Botmatic's part.
#[derive(Default)]
pub struct Botmatic(Mutex<BTreeMap<String, Own>>);

/// What belongs to one tenant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Own {
    /// Types by name.
    pub(super) properties: BTreeMap<String, String>,
    pub(super) campaign_events: Vec<CampaignEvent>,
    pub(super) bots: Vec<Value>,
}

impl Default for Own {
    /// One bot, which cannot be made by the API.
    fn default() -> Self {
        Self {
            properties: BTreeMap::new(),
            campaign_events: Vec::new(),
            bots: vec![json!({ "id": 1, "name": "Local bot", "bot": "{}", "is_draft": false })],
        }
    }
}

/// A campaign event that was executed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignEvent {
    /// Its name.
    pub event_name: String,
    /// The ids of its contacts.
    pub contacts: Vec<String>,
}

impl Botmatic {
    /// Something with what belongs to a tenant.
    pub(super) fn with<T>(&self, tenant: &str, work: impl FnOnce(&mut Own) -> T) -> T {
        work(self.lock().entry(tenant.to_owned()).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Own>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part for Botmatic {
    fn default_key(&self) -> &'static str {
        "local-token"
    }

    fn id(&self, number: u64) -> String {
        number.to_string()
    }

    fn number(&self, id: &str) -> Option<u64> {
        id.parse().ok()
    }

    fn id_to_json(&self, id: &str) -> Value {
        self.number(id).map_or(Value::Null, Value::from)
    }

    fn message(&self, address: Address<'_>, change: Change<'_>) -> Message {
        events::of_change(self, address, change)
    }

    fn state(&self) -> Value {
        json!(*self.lock())
    }

    fn reset(&self) {
        self.lock().clear();
    }
}
