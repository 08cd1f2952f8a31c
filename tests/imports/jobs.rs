//! The store of jobs, on the embedded DynamoDB and on AWS's DynamoDB Local.

use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::IntegrationId;
use patchcord::contacts::ExternalId;
use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::ImportRequest;
use patchcord::contacts::import::job::{
    Counts, DOUBTS, Failure, Job, JobId, JobState, Kind, Part, Progress, Retry,
};
use patchcord::contacts::import::jobs::{JobError, Jobs, PartLease, Started, Taken};
use patchcord::contacts::pairs::Deletion;
use patchcord::ground::clock::{Clock, Deadline, ManualClock, SystemClock, Timestamp};
use patchcord::ground::random::Random;
use patchcord_local::tables::{self, Table};
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::faults::LosingProxy;
use patchcord_tests::stack::database;

const LEASE: Duration = Duration::from_secs(6);

/// The store, and a clock that stands still. It is ahead of the machine's: DynamoDB deletes what has
/// expired by its own.
struct Store {
    jobs: Jobs,
    clock: Arc<ManualClock>,
    random: Random,
}

impl Store {
    fn at(endpoint: &str) -> Self {
        let clock = Arc::new(ManualClock::at(SystemClock.now() + Duration::from_hours(24)));
        let client = tables::functions_client(endpoint).unwrap();
        let jobs = Jobs::new(client, Table::CONTACTS.to_owned(), Arc::clone(&clock) as _);
        Self { jobs, clock, random: Random::seeded(7) }
    }

    fn id(&self, integration: &str) -> JobId {
        let integration = IntegrationId::try_from(integration.to_owned()).unwrap();
        self.clock.advance(Duration::from_millis(1));
        JobId::new(integration, self.clock.now(), &self.random)
    }

    /// A job that runs.
    async fn started(&self, integration: &str) -> JobId {
        let id = self.id(integration);
        assert_eq!(self.start(&id, None).await, Started::New);
        id
    }

    async fn start(&self, id: &JobId, retry: Option<&Retry>) -> Started {
        let request = ImportRequest::full(id.integration().clone());
        self.jobs.start(id, &request, retry).await.unwrap()
    }

    fn until(&self) -> Timestamp {
        self.clock.now() + LEASE
    }

    async fn take(&self, id: &JobId, part: u32, slice: u32, owner: &str) -> Taken {
        self.jobs.take(id, part, slice, owner.to_owned(), self.until()).await.unwrap()
    }

    /// A part that can be taken.
    async fn taken(&self, id: &JobId, part: u32, slice: u32, owner: &str) -> (PartLease, Part) {
        match self.take(id, part, slice, owner).await {
            Taken::Part(lease, part) => (lease, *part),
            other => panic!("{owner} is to have part {part}, slice {slice}, got {other:?}"),
        }
    }

    async fn job(&self, id: &JobId) -> Job {
        self.jobs.find(id).await.unwrap().unwrap()
    }
}

fn progress(page: u64, seen: u64) -> Progress {
    let counts = Counts { seen, ..Counts::default() };
    Progress { cursor: Cursor::Page(page), counts, ..Progress::default() }
}

fn is_lost<T: std::fmt::Debug>(result: Result<T, JobError>) {
    assert!(matches!(result, Err(JobError::LeaseLost)), "{result:?}");
}

#[tokio::test]
async fn the_contract_holds_on_the_embedded_dynamodb() {
    let dynamo = database().await;
    check(&Store::at(&dynamo.endpoint())).await;
}

#[tokio::test]
async fn the_contract_holds_on_dynamodb_local() {
    let dynamo = DynamoDbLocal::start().await;
    let client = tables::client(&dynamo.endpoint());
    tables::create_tables(&client, &[Table::contacts(Table::CONTACTS)]).await.unwrap();
    check(&Store::at(&dynamo.endpoint())).await;
}

async fn check(store: &Store) {
    one_job_runs_at_a_time(store).await;
    a_part_is_one_owners(store).await;
    a_message_that_is_too_old_takes_nothing(store).await;
    a_job_is_divided_once_and_closed_once(store).await;
    doubts_come_last(store).await;
    a_stop_takes_every_part_away(store).await;
    failures_are_kept_one_by_one(store).await;
    everything_is_deleted(store).await;
}

async fn one_job_runs_at_a_time(store: &Store) {
    let first = store.started("one").await;
    let second = store.id("one");
    assert_eq!(store.start(&second, None).await, Started::Running(first.clone()));
    assert!(store.jobs.find(&second).await.unwrap().is_none(), "nothing was written");
    assert_eq!(store.start(&first, None).await, Started::New, "the same again");
    let other = store.started("other").await;
    assert!(store.jobs.stop(&first, JobState::Cancelled, None).await.unwrap());
    let retry = Retry { of: first.clone(), create_doubtful: true };
    assert_eq!(store.start(&second, Some(&retry)).await, Started::New);
    let running = store.jobs.running(first.integration()).await.unwrap();
    assert_eq!(running.as_ref(), Some(&second));
    let list = store.jobs.list(first.integration(), 10).await.unwrap();
    let shown: Vec<_> = list.iter().map(|job| (&job.id, job.state, &job.retry)).collect();
    let expected =
        [(&second, JobState::Running, &Some(retry)), (&first, JobState::Cancelled, &None)];
    assert_eq!(shown, expected, "the newest first");
    assert_eq!(store.jobs.list(first.integration(), 1).await.unwrap().len(), 1);
    // Whoever ends an old one does not end the new one.
    assert!(!store.jobs.stop(&first, JobState::Failed, Some("late")).await.unwrap());
    assert_eq!(store.jobs.running(first.integration()).await.unwrap(), running);
    assert_eq!(store.job(&other).await.state, JobState::Running);
}

async fn a_part_is_one_owners(store: &Store) {
    let id = store.started("owners").await;
    let (a, part) = store.taken(&id, 0, 0, "a").await;
    assert_eq!((part.number, part.slice, part.is_over), (0, 0, false));
    assert_eq!(part.progress, Progress::default());
    assert!(matches!(store.take(&id, 0, 0, "b").await, Taken::Busy));
    store.taken(&id, 0, 0, "a").await;
    assert!(matches!(store.take(&id, 1, 0, "b").await, Taken::Over), "there is none");
    store.jobs.save(&a, &progress(3, 200), store.until()).await.unwrap();

    // Kept, it is not free when it would have been.
    store.clock.advance(LEASE / 2);
    store.jobs.keep(&a, store.until()).await.unwrap();
    store.clock.advance(LEASE / 2);
    assert!(matches!(store.take(&id, 0, 0, "b").await, Taken::Busy));
    store.clock.advance(LEASE / 2);
    let (b, part) = store.taken(&id, 0, 0, "b").await;
    assert_eq!(part.progress, progress(3, 200));
    is_lost(store.jobs.save(&a, &progress(9, 900), store.until()).await);
    is_lost(store.jobs.keep(&a, store.until()).await);
    is_lost(store.jobs.hand_over(&a, &progress(9, 900)).await);
    is_lost(store.jobs.finish(&a, &progress(9, 900)).await);
    assert!(!store.jobs.divide(&a, &[Cursor::Page(5)], 900).await.unwrap());
    assert_eq!(store.jobs.parts(&id).await.unwrap()[0].progress, progress(3, 200));
    store.jobs.finish(&b, &progress(4, 250)).await.unwrap();
}

async fn a_message_that_is_too_old_takes_nothing(store: &Store) {
    let id = store.started("stale").await;
    let (a, _) = store.taken(&id, 0, 0, "a").await;
    assert_eq!(store.jobs.hand_over(&a, &progress(2, 100)).await.unwrap(), 1);
    // Whoever handed it over may have ended before the next message was sent.
    let (b, part) = store.taken(&id, 0, 0, "b").await;
    assert_eq!((b.slice, part.slice, &part.progress), (1, 1, &progress(2, 100)));
    assert!(matches!(store.take(&id, 0, 1, "c").await, Taken::Busy));
    assert_eq!(store.jobs.hand_over(&b, &progress(3, 200)).await.unwrap(), 2);
    assert!(matches!(store.take(&id, 0, 0, "c").await, Taken::Over));
    let (c, _) = store.taken(&id, 0, 2, "c").await;
    assert!(matches!(store.take(&id, 0, 0, "d").await, Taken::Over));
    store.jobs.finish(&c, &progress(4, 300)).await.unwrap();
    assert!(matches!(store.take(&id, 0, 2, "d").await, Taken::Over));
}

async fn a_job_is_divided_once_and_closed_once(store: &Store) {
    let id = store.started("divided").await;
    let (first, _) = store.taken(&id, 0, 0, "a").await;
    let starts = [Cursor::Page(5), Cursor::Page(9)];
    assert!(store.jobs.divide(&first, &starts, 1_200).await.unwrap());
    assert!(!store.jobs.divide(&first, &[Cursor::Page(6)], 1_200).await.unwrap());
    let job = store.job(&id).await;
    assert_eq!((job.parts, job.open_parts, job.total), (3, 3, Some(1_200)));
    let parts = store.jobs.parts(&id).await.unwrap();
    let shown: Vec<_> = parts
        .iter()
        .map(|part| (part.number, part.progress.cursor.clone(), part.end.clone()))
        .collect();
    let [second, third] = starts;
    let expected = [
        (0, Cursor::Start, Some(second.clone())),
        (1, second, Some(third.clone())),
        (2, third, None),
    ];
    assert_eq!(shown, expected);
    for part in [1, 2] {
        let (lease, _) = store.taken(&id, part, 0, "b").await;
        store.jobs.finish(&lease, &progress(9, 400)).await.unwrap();
        store.jobs.finish(&lease, &progress(9, 400)).await.unwrap();
        assert!(!store.jobs.finish_job(&id).await.unwrap(), "part 0 is open");
    }
    assert_eq!(store.job(&id).await.open_parts, 1, "a repetition counts once");
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.job(&id).await.parts, 3, "doubts come after all others");
    store.jobs.finish(&first, &progress(5, 400)).await.unwrap();
    let closers = tokio::join!(store.jobs.finish_job(&id), store.jobs.finish_job(&id));
    let closed = [closers.0.unwrap(), closers.1.unwrap()];
    assert!(closed[0] != closed[1], "{closed:?}");
    let job = store.job(&id).await;
    assert_eq!(
        (job.state, job.open_parts, job.ended),
        (JobState::Finished, 0, Some(store.clock.now()))
    );
    assert_eq!(store.jobs.running(id.integration()).await.unwrap(), None);
    assert!(!job.is_announced);
    assert!(store.jobs.announced(&id).await.unwrap());
    assert!(!store.jobs.announced(&id).await.unwrap());
    assert!(store.job(&id).await.is_announced);
}

async fn doubts_come_last(store: &Store) {
    let id = store.started("doubts").await;
    let (lease, _) = store.taken(&id, 0, 0, "a").await;
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.jobs.parts(&id).await.unwrap().len(), 1);
    store.jobs.finish(&lease, &progress(2, 100)).await.unwrap();
    for _ in 0..2 {
        store.jobs.add_doubts(&id).await.unwrap();
        let job = store.job(&id).await;
        assert_eq!((job.parts, job.open_parts), (2, 1));
    }
    assert!(!store.jobs.finish_job(&id).await.unwrap());
    let (lease, part) = store.taken(&id, DOUBTS, 0, "b").await;
    assert_eq!(part.number, DOUBTS);
    store.jobs.finish(&lease, &part.progress).await.unwrap();
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.job(&id).await.open_parts, 0, "they are looked at once");
    assert!(store.jobs.finish_job(&id).await.unwrap());
}

async fn a_stop_takes_every_part_away(store: &Store) {
    let id = store.started("stopped").await;
    let (first, _) = store.taken(&id, 0, 0, "a").await;
    let starts: Vec<_> = (1..50).map(|part| Cursor::Page(10 * part)).collect();
    assert!(store.jobs.divide(&first, &starts, 50_000).await.unwrap());
    let (second, _) = store.taken(&id, 1, 0, "b").await;
    store.jobs.save(&second, &progress(11, 100), store.until()).await.unwrap();
    assert!(store.jobs.stop(&id, JobState::Failed, Some("no more")).await.unwrap());
    assert!(!store.jobs.stop(&id, JobState::Cancelled, None).await.unwrap());
    is_lost(store.jobs.save(&first, &progress(2, 100), store.until()).await);
    is_lost(store.jobs.keep(&second, store.until()).await);
    is_lost(store.jobs.finish(&second, &progress(12, 200)).await);
    is_lost(store.jobs.hand_over(&second, &progress(12, 200)).await);
    assert!(matches!(store.take(&id, 2, 0, "c").await, Taken::Over));
    store.jobs.add_doubts(&id).await.unwrap();
    assert!(!store.jobs.finish_job(&id).await.unwrap());
    let job = store.job(&id).await;
    assert_eq!((job.state, job.reason.as_deref()), (JobState::Failed, Some("no more")));
    assert_eq!((job.parts, job.open_parts), (50, 0));
    let parts = store.jobs.parts(&id).await.unwrap();
    assert!(parts.iter().all(|part| part.is_over), "{parts:?}");
    assert_eq!(parts[1].progress, progress(11, 100), "what was done stays told");
    assert_eq!(store.jobs.running(id.integration()).await.unwrap(), None);
    let missing = store.id("stopped");
    let stopped = store.jobs.stop(&missing, JobState::Cancelled, None).await;
    assert!(matches!(stopped, Err(JobError::NotFound)), "{stopped:?}");
}

fn failure(number: usize, reason: &str) -> Failure {
    Failure::of(&ExternalId::new(format!("c-{number:03}")).unwrap(), Kind::Passing, reason)
}

async fn failures_are_kept_one_by_one(store: &Store) {
    let id = store.started("failures").await;
    let all: Vec<_> = (0..150).map(|number| failure(number, "first")).collect();
    store.jobs.note_failures(&id, &all).await.unwrap();
    store.jobs.note_failures(&id, &[failure(3, "second")]).await.unwrap();
    let unreadable = Failure {
        external_id: None,
        place: Some("line 7".to_owned()),
        kind: Kind::Unreadable,
        reason: "expected an id".to_owned(),
    };
    store.jobs.note_failures(&id, std::slice::from_ref(&unreadable)).await.unwrap();
    store.jobs.forget_failure(&id, &failure(4, "")).await.unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = store.jobs.failures(&id, after.as_deref(), 40).await.unwrap();
        assert!(page.failures.len() <= 40);
        found.extend(page.failures);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 150);
    assert!(found.contains(&unreadable) && found.contains(&failure(3, "second")));
    let of = |number: usize| ExternalId::new(format!("c-{number:03}")).unwrap();
    assert_eq!(store.jobs.failure_of(&id, &of(5)).await.unwrap(), Some(failure(5, "first")));
    assert_eq!(store.jobs.failure_of(&id, &of(4)).await.unwrap(), None);
}

async fn everything_is_deleted(store: &Store) {
    let (id, other) = (store.started("deleted").await, store.started("kept").await);
    let all: Vec<_> = (0..250).map(|number| failure(number, "first")).collect();
    store.jobs.note_failures(&id, &all).await.unwrap();
    store.jobs.note_failures(&other, &all[..1]).await.unwrap();
    let over = Deadline::after(Duration::ZERO, store.clock.now());
    let deleted = store.jobs.delete_all(id.integration(), over).await.unwrap();
    assert_eq!(deleted, Deletion::Unfinished);
    let time = Deadline::after(Duration::from_secs(20), store.clock.now());
    for _ in 0..2 {
        let deleted = store.jobs.delete_all(id.integration(), time).await.unwrap();
        assert_eq!(deleted, Deletion::Finished);
    }
    assert!(store.jobs.find(&id).await.unwrap().is_none());
    assert!(store.jobs.parts(&id).await.unwrap().is_empty());
    assert!(store.jobs.failures(&id, None, 1).await.unwrap().failures.is_empty());
    assert_eq!(store.jobs.running(id.integration()).await.unwrap(), None);
    assert_eq!(store.job(&other).await.state, JobState::Running);
    assert_eq!(store.jobs.failures(&other, None, 9).await.unwrap().failures.len(), 1);
}

/// DynamoDB does what it is asked, and the answer gets lost: the call is repeated, and nobody may
/// take that for somebody else's work.
#[tokio::test]
async fn an_answer_that_is_lost_is_no_lost_lease() {
    let dynamo = database().await;
    let upstream = dynamo.endpoint().strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = LosingProxy::start(upstream).await;
    let store = Store::at(&proxy.endpoint());
    let id = store.id("lost");

    proxy.lose(1);
    assert_eq!(store.start(&id, None).await, Started::New);
    proxy.lose(1);
    let (lease, _) = store.taken(&id, 0, 0, "a").await;
    let starts = [Cursor::Page(5), Cursor::Page(9)];
    proxy.lose(1);
    assert!(store.jobs.divide(&lease, &starts, 1_200).await.unwrap(), "divided");
    proxy.lose(1);
    store.jobs.save(&lease, &progress(2, 100), store.until()).await.unwrap();
    proxy.lose(1);
    assert_eq!(store.jobs.hand_over(&lease, &progress(2, 100)).await.unwrap(), 1);
    for part in 0..3 {
        let (lease, _) = store.taken(&id, part, 1, "b").await;
        proxy.lose(1);
        store.jobs.finish(&lease, &progress(5, 400)).await.unwrap();
    }
    assert_eq!(proxy.lost(), 8);
    assert_eq!(store.job(&id).await.open_parts, 0);
    proxy.lose(1);
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.job(&id).await.open_parts, 1);
}
