//! Failures, and the end of everything.

use std::time::Duration;

use patchcord::contacts::ExternalId;
use patchcord::contacts::import::job::{Failure, JobState, Kind};
use patchcord::contacts::pairs::Deletion;
use patchcord::ground::clock::{Clock, Deadline};

use super::store::Store;

fn failure(number: usize, reason: &str) -> Failure {
    Failure::of(&ExternalId::new(format!("c-{number:03}")).unwrap(), Kind::Passing, reason)
}

pub async fn failures_are_kept_one_by_one(store: &Store) {
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

pub async fn everything_is_deleted(store: &Store) {
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
