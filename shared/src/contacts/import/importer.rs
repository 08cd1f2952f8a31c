//! What an import is made of.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::config::ImportConfig;
use super::imports::Imports;
use super::run::Run;
use super::source::FileParts;
use crate::botmatic::api::BotmaticApi;
use crate::contacts::consumer::ExternalConsumer;
use crate::contacts::limiter::Limiter;
use crate::contacts::mapping::Mappings;
use crate::contacts::pairs::PairStore;
use crate::contacts::sync::Sync;
use crate::ground::clock::Timestamp;
use crate::ground::http::HttpParts;

/// No claim lasts longer, or a function that has died would lock a contact for minutes.
const LONGEST_CLAIM: Duration = Duration::from_mins(1);
/// Claims end when the invocation does, and a little later: clocks differ.
const SLACK: Duration = Duration::from_secs(1);

/// What an importer is made of.
pub struct ImporterParts {
    /// Jobs, and the messages about their slices.
    pub imports: Imports,
    /// Which contact is which.
    pub pairs: Arc<dyn PairStore>,
    /// What a contact of one side is on the other.
    pub mappings: Mappings,
    /// The external service.
    pub consumer: Arc<dyn ExternalConsumer>,
    /// Files that may be read.
    pub files: FileParts,
    /// Botmatic.
    pub botmatic: Arc<BotmaticApi>,
    /// For contacts that are not plain.
    pub sync: Arc<Sync>,
    /// What the configuration says.
    pub config: ImportConfig,
    /// Within which both services have told of a change, whatever the network does.
    pub settle: Duration,
    /// Client, clock, randomness and pauses.
    pub http: HttpParts,
    /// What metrics call the function.
    pub service: String,
}

/// Brings every contact of a source to Botmatic, once.
pub struct Importer {
    pub(super) parts: ImporterParts,
    limiter: Option<Limiter>,
    calls: Semaphore,
}

impl Importer {
    /// An importer of these parts.
    pub fn new(parts: ImporterParts) -> Self {
        let limiter = parts.config.requests_per_second.map(Limiter::new);
        let calls = Semaphore::new(parts.config.concurrency);
        Self { parts, limiter, calls }
    }

    /// Starting imports, ending them, and looking at them.
    pub const fn imports(&self) -> &Imports {
        &self.parts.imports
    }

    pub(super) fn now(&self) -> Timestamp {
        self.parts.http.clock.now()
    }

    /// Waits until Botmatic may be called.
    pub(super) async fn pace(&self, run: &Run<'_>) {
        let Some(limiter) = &self.limiter else { return };
        let id = run.integration.id.as_str();
        let wait = limiter.take(id, self.now(), Duration::MAX).unwrap_or_default();
        if !wait.is_zero() {
            self.parts.http.sleep.sleep(wait).await;
        }
    }

    /// Waits until one more call of a service may be made; until it is dropped, the call counts.
    pub(super) async fn call(&self) -> Option<SemaphorePermit<'_>> {
        self.calls.acquire().await.ok()
    }

    /// When contacts that are claimed now are free again if nobody gives them back.
    pub(super) fn claimed_until(&self, run: &Run<'_>) -> Timestamp {
        run.deadline.timestamp().min(self.now() + LONGEST_CLAIM) + SLACK
    }
}
