//! Integrations by token, remembered for a moment: most requests come in bursts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::digest::TokenDigest;
use super::id::IntegrationId;
use super::integration::{Integration, State};
use super::store::{IntegrationError, IntegrationStore};
use crate::ground::clock::{Clock, Timestamp};

/// For how long another instance's change may go unnoticed.
const KEPT_FOR: Duration = Duration::from_secs(30);
/// So many integrations are remembered at most.
const MOST: usize = 1_000;

/// The installed integrations that were asked for lately, by the digest of their tokens.
pub struct TokenCache {
    store: Arc<dyn IntegrationStore>,
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    integrations: HashMap<TokenDigest, (Timestamp, Arc<Integration>)>,
    /// How often something was taken out: what was read before that may be out of date.
    invalidations: u64,
}

impl TokenCache {
    /// Remembers what `store` says.
    pub fn new(store: Arc<dyn IntegrationStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, kept: Mutex::default() }
    }

    /// The integration that has this token, as it was 30 seconds ago or later. That there is none,
    /// or that it is being uninstalled, is not remembered.
    pub async fn by_token(
        &self,
        token: &str,
    ) -> Result<Option<Arc<Integration>>, IntegrationError> {
        let digest = TokenDigest::of(token);
        let now = self.clock.now();
        let before = {
            let kept = self.lock();
            if let Some((until, integration)) = kept.integrations.get(&digest)
                && *until > now
            {
                return Ok(Some(Arc::clone(integration)));
            }
            kept.invalidations
        };
        let found = self.store.by_token(token).await?.map(Arc::new);
        if let Some(integration) = &found
            && integration.state == State::Installed
        {
            let mut kept = self.lock();
            if kept.invalidations == before {
                kept.remember(digest, Arc::clone(integration), now);
            }
        }
        Ok(found)
    }

    /// Forgets an integration that has just been changed.
    pub fn invalidate(&self, id: &IntegrationId) {
        let mut kept = self.lock();
        kept.invalidations += 1;
        kept.integrations.retain(|_, (_, integration)| integration.id != *id);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn remember(&mut self, digest: TokenDigest, integration: Arc<Integration>, now: Timestamp) {
        if self.integrations.len() >= MOST {
            self.integrations.retain(|_, (until, _)| *until > now);
        }
        if self.integrations.len() >= MOST {
            let oldest = self.integrations.iter().min_by_key(|(_, (until, _))| *until);
            if let Some(digest) = oldest.map(|(digest, _)| digest.clone()) {
                self.integrations.remove(&digest);
            }
        }
        self.integrations.insert(digest, (now + KEPT_FOR, integration));
    }
}

#[cfg(test)]
mod tests;
