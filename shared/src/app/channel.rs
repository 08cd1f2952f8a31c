//! A channel of the configuration: its connector, and how it is served.

use std::sync::Arc;

use crate::chat::{Connector, Delivery};
use crate::connectors::auth::Auth;

/// A channel.
#[derive(Clone)]
pub struct Channel {
    /// The bridge to its platform.
    pub connector: Arc<dyn Connector>,
    /// When the bot answers what comes through the platform's own API.
    pub delivery: Delivery,
    /// Who may say something on it without having been asked; nobody without it.
    pub send: Option<Auth>,
}

impl From<Arc<dyn Connector>> for Channel {
    /// As the connector wants it, and nobody may speak without being asked.
    fn from(connector: Arc<dyn Connector>) -> Self {
        let delivery = connector.deliveries().first().copied().unwrap_or(Delivery::Inline);
        Self { connector, delivery, send: None }
    }
}
