//! Integrations by token, remembered for a moment.

use std::sync::Arc;

use super::id::IntegrationId;
use super::integration::Integration;
use super::store::{IntegrationError, IntegrationStore};
use crate::botmatic::recent::Recent;
use crate::ground::clock::Clock;

/// The installed integrations that were asked for lately, by the digest of their tokens.
pub struct TokenCache {
    store: Arc<dyn IntegrationStore>,
    recent: Recent<Arc<Integration>>,
}

impl TokenCache {
    /// Remembers what `store` says.
    pub fn new(store: Arc<dyn IntegrationStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, recent: Recent::new(clock) }
    }

    /// The integration that has this token, as it was 30 seconds ago or later. That there is none,
    /// or that it is being uninstalled, is not remembered.
    pub async fn by_token(
        &self,
        token: &str,
    ) -> Result<Option<Arc<Integration>>, IntegrationError> {
        let unknown = match self.recent.get(token) {
            Ok(integration) => return Ok(Some(integration)),
            Err(unknown) => unknown,
        };
        let found = self.store.by_token(token).await?.map(Arc::new);
        if let Some(integration) = &found
            && integration.is_installed()
        {
            unknown.remember(Arc::clone(integration));
        }
        Ok(found)
    }

    /// Forgets an integration that has just been changed.
    pub fn invalidate(&self, id: &IntegrationId) {
        self.recent.forget(|integration| integration.id == *id);
    }
}

#[cfg(test)]
mod tests;
