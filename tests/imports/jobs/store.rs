//! The store under test, and what its tests say again and again.

use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::IntegrationId;
use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::ImportRequest;
use patchcord::contacts::import::job::{Counts, Job, JobId, JobState, Part, Progress, Retry};
use patchcord::contacts::import::store::{JobError, Jobs, PartLease, Started, Taken};
use patchcord::ground::clock::{Clock, ManualClock, Timestamp};
use patchcord::ground::random::Random;
use patchcord::ground::seal::Sealer;
use patchcord::ground::secret::Secret;
use patchcord_local::tables::{self, Table};
use patchcord_tests::clock::ahead;

pub const LEASE: Duration = Duration::from_secs(6);

/// The store, and a clock that stands still.
pub struct Store {
    pub jobs: Jobs,
    pub clock: Arc<ManualClock>,
    random: Random,
}

impl Store {
    pub fn at(endpoint: &str) -> Self {
        Self::with_key(endpoint, "a key that is only for these tests, and long")
    }

    /// The same with a key of one's own to what is sealed.
    pub fn with_key(endpoint: &str, key: &str) -> Self {
        let clock = ahead();
        let client = tables::functions_client(endpoint).unwrap();
        let sealer = Sealer::from_key(&Secret::try_from(key.to_owned()).unwrap()).unwrap();
        let table = Table::CONTACTS.to_owned();
        let jobs = Jobs::new(client, table, Arc::clone(&clock) as _, Arc::new(sealer));
        Self { jobs, clock, random: Random::seeded(7) }
    }

    pub fn id(&self, integration: &str) -> JobId {
        let integration = IntegrationId::try_from(integration.to_owned()).unwrap();
        self.clock.advance(Duration::from_millis(1));
        JobId::new(integration, self.clock.now(), &self.random)
    }

    /// A job that runs.
    pub async fn started(&self, integration: &str) -> JobId {
        let id = self.id(integration);
        assert_eq!(self.start(&id, None).await, Started::New);
        id
    }

    pub async fn start(&self, id: &JobId, retry: Option<&Retry>) -> Started {
        let request = ImportRequest::full(id.integration().clone());
        self.jobs.start(id, &request, retry).await.unwrap()
    }

    pub fn until(&self) -> Timestamp {
        self.clock.now() + LEASE
    }

    pub async fn take(&self, id: &JobId, part: u32, slice: u32, owner: &str) -> Taken {
        self.jobs.take(id, part, slice, owner.to_owned(), self.until()).await.unwrap()
    }

    /// A part that can be taken.
    pub async fn taken(&self, id: &JobId, part: u32, slice: u32, owner: &str) -> (PartLease, Part) {
        match self.take(id, part, slice, owner).await {
            Taken::Part(lease, part) => (lease, *part),
            other => panic!("{owner} is to have part {part}, slice {slice}, got {other:?}"),
        }
    }

    /// Whether the job was ended now, as every part of it is done.
    pub async fn finish_job(&self, id: &JobId) -> bool {
        self.jobs.finish_job(id, &self.random.token()).await.unwrap()
    }

    /// Whether it was ended now, whatever is left of it.
    pub async fn stop(&self, id: &JobId, state: JobState, reason: Option<&str>) -> bool {
        self.jobs.stop(id, state, reason, &self.random.token()).await.unwrap()
    }

    pub async fn job(&self, id: &JobId) -> Job {
        self.jobs.find(id).await.unwrap().unwrap()
    }
}

pub fn progress(page: u64, seen: u64) -> Progress {
    let counts = Counts { seen, ..Counts::default() };
    Progress { cursor: Cursor::Page(page), counts, ..Progress::default() }
}

pub fn is_lost<T: std::fmt::Debug>(result: Result<T, JobError>) {
    let error = result.expect_err("the part is somebody else's");
    assert!(matches!(error, JobError::LeaseLost), "{error:?}");
}
