//! Jobs and parts: what every implementation of DynamoDB makes of them.

use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::job::{DOUBTS_PART, JobState, Progress, Retry};
use patchcord::contacts::import::store::{JobError, Started, Taken};
use patchcord::ground::clock::Clock;

use super::kept::{everything_is_deleted, failures_are_kept_one_by_one};
use super::store::{LEASE, Store, is_lost, progress};

/// Everything that a store has to do.
pub async fn check(store: &Store) {
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
    assert!(store.stop(&first, JobState::Cancelled, None).await);
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
    assert!(!store.stop(&first, JobState::Failed, Some("late")).await);
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
        assert!(!store.finish_job(&id).await, "part 0 is open");
    }
    assert_eq!(store.job(&id).await.open_parts, 1, "a repetition counts once");
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.job(&id).await.parts, 3, "doubts come after all others");
    store.jobs.finish(&first, &progress(5, 400)).await.unwrap();
    let closers = tokio::join!(store.finish_job(&id), store.finish_job(&id));
    assert!(closers.0 != closers.1, "{closers:?}");
    let job = store.job(&id).await;
    assert_eq!(
        (job.state, job.open_parts, job.ended),
        (JobState::Finished, 0, Some(store.clock.now()))
    );
    assert_eq!(store.jobs.running(id.integration()).await.unwrap(), None);
    assert!(!job.is_announced);
    store.jobs.announced(&id).await.unwrap();
    store.jobs.announced(&id).await.unwrap();
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
    assert!(!store.finish_job(&id).await);
    let (lease, part) = store.taken(&id, DOUBTS_PART, 0, "b").await;
    assert_eq!(part.number, DOUBTS_PART);
    store.jobs.finish(&lease, &part.progress).await.unwrap();
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.job(&id).await.open_parts, 0, "they are looked at once");
    assert!(store.finish_job(&id).await);
}

async fn a_stop_takes_every_part_away(store: &Store) {
    let id = store.started("stopped").await;
    let (first, _) = store.taken(&id, 0, 0, "a").await;
    let starts: Vec<_> = (1..50).map(|part| Cursor::Page(10 * part)).collect();
    assert!(store.jobs.divide(&first, &starts, 50_000).await.unwrap());
    let (second, _) = store.taken(&id, 1, 0, "b").await;
    store.jobs.save(&second, &progress(11, 100), store.until()).await.unwrap();
    assert!(store.stop(&id, JobState::Failed, Some("no more")).await);
    assert!(!store.stop(&id, JobState::Cancelled, None).await);
    is_lost(store.jobs.save(&first, &progress(2, 100), store.until()).await);
    is_lost(store.jobs.keep(&second, store.until()).await);
    is_lost(store.jobs.finish(&second, &progress(12, 200)).await);
    is_lost(store.jobs.hand_over(&second, &progress(12, 200)).await);
    assert!(matches!(store.take(&id, 2, 0, "c").await, Taken::Over));
    store.jobs.add_doubts(&id).await.unwrap();
    assert!(!store.finish_job(&id).await);
    let job = store.job(&id).await;
    assert_eq!((job.state, job.reason.as_deref()), (JobState::Failed, Some("no more")));
    assert_eq!((job.parts, job.open_parts), (50, 0));
    let parts = store.jobs.parts(&id).await.unwrap();
    assert!(parts.iter().all(|part| part.is_over), "{parts:?}");
    assert_eq!(parts[1].progress, progress(11, 100), "what was done stays told");
    assert_eq!(store.jobs.running(id.integration()).await.unwrap(), None);
    let missing = store.id("stopped");
    let stopped = store.jobs.stop(&missing, JobState::Cancelled, None, "nobody").await;
    assert!(matches!(stopped, Err(JobError::NotFound)), "{stopped:?}");
}
