//! What the functions that have to do with contacts are made of: integrations, pairs, the sync, and
//! the imports.

use std::sync::Arc;

use super::botmatic::{BotmaticConfig, Database};
use crate::botmatic::integrations::DynamoIntegrations;
use crate::contacts::import::source::Access;
use crate::contacts::import::store::Jobs;
use crate::contacts::import::{Imports, Slices};
use crate::contacts::pairs::{DynamoPairs, PairStore};
use crate::contacts::sync::{Sync, SyncParts};
use crate::ground::clock::Clock;
use crate::ground::random::Random;

/// The parts.
pub(super) struct Stores {
    pub integrations: Arc<DynamoIntegrations>,
    pub pairs: Arc<dyn PairStore>,
    pub jobs: Jobs,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<Random>,
}

impl Stores {
    /// The stores in `database`.
    pub fn new(config: &BotmaticConfig, database: Database, clock: Arc<dyn Clock>) -> Self {
        let Database { client, table } = database;
        let sealer = || Arc::clone(&config.sealer);
        let integrations = DynamoIntegrations::new(client.clone(), table.clone(), sealer());
        Self {
            integrations: Arc::new(integrations.form(config.form.clone())),
            pairs: Arc::new(DynamoPairs::new(client.clone(), table.clone(), Arc::clone(&clock))),
            jobs: Jobs::new(client, table, Arc::clone(&clock), sealer()),
            clock,
            random: Arc::new(Random::from_entropy()),
        }
    }

    /// The sync of contacts, where one is configured.
    pub fn sync(&self, config: &BotmaticConfig) -> Option<Arc<Sync>> {
        let contacts = config.contacts.as_ref()?;
        Some(Arc::new(Sync::new(SyncParts {
            pairs: Arc::clone(&self.pairs),
            mappings: contacts.mappings.clone(),
            consumer: Arc::clone(&contacts.consumer),
            botmatic: Arc::clone(&config.api),
            integrations: self.integrations.clone(),
            updated_at: contacts.updated_at.clone(),
            settle: contacts.settle,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        })))
    }

    /// The imports, whose slices go to `slices`.
    pub fn imports(&self, slices: Slices, access: Access) -> Imports {
        Imports {
            jobs: self.jobs.clone(),
            slices,
            integrations: self.integrations.clone(),
            access,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }
    }
}
