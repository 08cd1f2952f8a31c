//! How a stand-in is started, and what can be changed while it runs.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use patchcord::{
    contacts::Fields,
    ground::clock::{Clock, SystemClock},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a stand-in is started.
#[derive(Clone)]
pub struct StandinOptions {
    /// Where it listens. Port 0 takes a free one.
    pub addr: SocketAddr,
    /// What it does until it is told otherwise, and after a reset.
    pub settings: Settings,
    /// How deliveries are tried again.
    pub retry: Retry,
    /// The largest body it accepts, in bytes.
    pub body_limit: usize,
    /// Where `updated_at` comes from.
    pub clock: Arc<dyn Clock>,
}

impl Default for StandinOptions {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            settings: Settings::default(),
            retry: Retry::default(),
            body_limit: 1024 * 1024,
            clock: Arc::new(SystemClock),
        }
    }
}

/// What can be changed while it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where changes are delivered: Botmatic's endpoint, or what stands before `/contacts` for the
    /// CRM. Nothing is delivered without.
    pub deliver_to: Option<String>,
    /// Whether changes that came by the API are delivered as well.
    pub echo: bool,
    /// Botmatic only: events in their older shape, nested under their own name.
    pub nested_events: bool,
    /// Whether two contacts of a tenant may have the same e-mail address.
    pub unique_emails: bool,
    /// Contacts that are not accepted.
    pub reject: Vec<Reject>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deliver_to: None,
            echo: true,
            nested_events: false,
            unique_emails: false,
            reject: Vec::new(),
        }
    }
}

/// A contact with this value in this field is not accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: Value,
    /// Whether a bulk call with such a contact is refused as a whole.
    #[serde(default)]
    pub whole: bool,
}

impl Reject {
    pub(super) fn is_about(&self, fields: &Fields) -> bool {
        fields.get(&self.field) == Some(&self.value)
    }
}

/// How deliveries are tried again: after a 5xx, a 429, a timeout or a lost connection.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// How often in all.
    pub attempts: u32,
    /// How long after the first attempt; doubled each time.
    pub backoff: Duration,
    /// What it is not doubled beyond.
    pub most: Duration,
    /// How long an attempt may take.
    pub timeout: Duration,
    /// How many deliveries, of different contacts, run at the same time.
    pub at_once: usize,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 8,
            backoff: Duration::from_millis(100),
            most: Duration::from_secs(10),
            timeout: Duration::from_secs(10),
            at_once: 8,
        }
    }
}
