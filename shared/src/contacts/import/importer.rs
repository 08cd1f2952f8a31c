//! What an import is made of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
use crate::contacts::sync::{Sync, longest_claim};
use crate::ground::clock::{CLOCK_SKEW, Deadline, Timestamp};
use crate::ground::http::HttpParts;

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

/// How many pages are looked up and saved while one call of a service may be made: a page takes
/// longer in the store than such a call does.
const STORES_PER_CALL: usize = 2;

/// Brings every contact of a source to Botmatic, once.
pub struct Importer {
    pub(super) parts: ImporterParts,
    limiter: Option<Limiter>,
    pub(super) calls: Semaphore,
    stores: Semaphore,
    is_stopping: AtomicBool,
}

impl Importer {
    /// An importer of these parts.
    pub fn new(parts: ImporterParts) -> Self {
        let limiter = parts.config.requests_per_second.map(Limiter::new);
        let calls = Semaphore::new(parts.config.concurrency);
        let stores = Semaphore::new(STORES_PER_CALL * parts.config.concurrency);
        Self { parts, limiter, calls, stores, is_stopping: AtomicBool::new(false) }
    }

    /// From now on no page is begun: whoever works hands over once those that have begun are done.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Starting imports, ending them, and looking at them.
    pub const fn imports(&self) -> &Imports {
        &self.parts.imports
    }

    pub(super) fn now(&self) -> Timestamp {
        self.parts.http.clock.now()
    }

    /// How long pages may still be begun.
    pub(super) fn time_left(&self, run: &Run<'_>) -> Duration {
        let is_stopping = self.is_stopping.load(Ordering::Relaxed);
        if is_stopping { Duration::ZERO } else { run.stop_at.since(self.now()) }
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
    pub(super) async fn call_permit(&self) -> Option<SemaphorePermit<'_>> {
        self.calls.acquire().await.ok()
    }

    /// The same for a page that is looked up or saved: beyond so many they only wait for each other.
    pub(super) async fn store_permit(&self) -> Option<SemaphorePermit<'_>> {
        self.stores.acquire().await.ok()
    }

    /// A claim of contacts that begins now.
    pub(super) fn claim(&self, run: &Run<'_>) -> Claiming {
        let now = self.now();
        let time = run.deadline.remaining(now).min(longest_claim(self.parts.settle));
        let calls_until = Deadline::after(time, now);
        let until = calls_until.timestamp() + CLOCK_SKEW;
        Claiming { last_call: now + time / 2, calls_until, until }
    }
}

/// How long contacts are claimed, and what has to be over by then: what Botmatic is asked later may
/// meet what somebody else has asked meanwhile.
#[derive(Clone, Copy)]
pub(super) struct Claiming {
    /// No call is begun after this: there would be too little time for its answer.
    pub last_call: Timestamp,
    /// No call goes beyond this.
    pub calls_until: Deadline,
    /// When they are free again if nobody gives them back.
    pub until: Timestamp,
}
