//! Integrations in memory, for unit tests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::id::IntegrationId;
use super::integration::{Integration, State};
use super::store::{IntegrationError, IntegrationStore};
use crate::botmatic::Fields;
use crate::ground::secret::Secret;

/// Integrations that live as long as the process.
#[derive(Default)]
pub struct MemoryIntegrations(Mutex<HashMap<IntegrationId, Integration>>);

type All<'a> = MutexGuard<'a, HashMap<IntegrationId, Integration>>;

impl MemoryIntegrations {
    fn lock(&self) -> All<'_> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of_token(all: &All<'_>, token: &str) -> Option<Integration> {
    all.values().find(|integration| integration.token.matches(token)).cloned()
}

fn installed<'a>(
    all: &'a mut All<'_>,
    id: &IntegrationId,
) -> Result<&'a mut Integration, IntegrationError> {
    match all.get_mut(id) {
        None => Err(IntegrationError::NotFound),
        Some(it) if it.state == State::Uninstalling => Err(IntegrationError::Uninstalling),
        Some(it) => Ok(it),
    }
}

#[async_trait]
impl IntegrationStore for MemoryIntegrations {
    async fn install(
        &self,
        token: &Secret,
        new_id: IntegrationId,
    ) -> Result<Integration, IntegrationError> {
        let mut all = self.lock();
        match of_token(&all, token.expose()) {
            Some(it) if it.state == State::Uninstalling => Err(IntegrationError::Uninstalling),
            Some(it) => Ok(it),
            None if all.contains_key(&new_id) => Err(IntegrationError::Conflict),
            None => {
                let integration = Integration::new(new_id.clone(), token);
                all.insert(new_id, integration.clone());
                Ok(integration)
            }
        }
    }

    async fn by_token(&self, token: &str) -> Result<Option<Integration>, IntegrationError> {
        Ok(of_token(&self.lock(), token))
    }

    async fn by_id(&self, id: &IntegrationId) -> Result<Option<Integration>, IntegrationError> {
        Ok(self.lock().get(id).cloned())
    }

    async fn replace_token(
        &self,
        id: &IntegrationId,
        token: &Secret,
    ) -> Result<Integration, IntegrationError> {
        let mut all = self.lock();
        let owner = of_token(&all, token.expose());
        let integration = installed(&mut all, id)?;
        if owner.is_some_and(|owner| owner.id != *id) {
            return Err(IntegrationError::Conflict);
        }
        integration.token = token.clone();
        Ok(integration.clone())
    }

    async fn save_settings(
        &self,
        id: &IntegrationId,
        settings: &Fields,
    ) -> Result<(), IntegrationError> {
        let mut all = self.lock();
        let integration = installed(&mut all, id)?;
        integration.saved.clone_from(settings);
        integration.settings.clone_from(settings);
        Ok(())
    }

    async fn begin_uninstall(&self, id: &IntegrationId) -> Result<(), IntegrationError> {
        let mut all = self.lock();
        all.get_mut(id).ok_or(IntegrationError::NotFound)?.state = State::Uninstalling;
        Ok(())
    }

    async fn forget(&self, id: &IntegrationId) -> Result<(), IntegrationError> {
        let mut all = self.lock();
        if all.get(id).is_some_and(|it| it.state == State::Installed) {
            return Err(IntegrationError::Installed);
        }
        all.remove(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::botmatic::integrations::contract;

    #[tokio::test]
    async fn the_contract_holds() {
        contract::check(&MemoryIntegrations::default()).await;
    }
}
