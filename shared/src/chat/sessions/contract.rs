//! What every [`SessionStore`] does, as a function to call from a test of each implementation.

#![expect(clippy::expect_used, clippy::panic, reason = "a failed expectation is how it reports")]

mod contents;
mod expiry;
mod leases;
mod seen;

use std::time::Duration;

use serde_json::{Map, Value};

use super::{Answer, Claim, ClaimRequest, Claimed, Commit, SessionKey, SessionStore, StoreError};
use crate::ground::clock::{Clock, ManualClock};
use crate::ground::fingerprint::Fingerprint;

const LEASE: Duration = Duration::from_secs(30);

/// Runs the whole contract against `store`, which must be empty and go by `clock`. Where the store
/// deletes expired sessions by a clock of its own, `clock` has to be ahead of that one.
///
/// # Panics
/// If the store breaks the contract.
pub async fn check(store: &dyn SessionStore, clock: &ManualClock) {
    let contract = Contract { store, clock };
    contract.a_new_session_is_claimed_saved_and_read().await;
    contract.a_claimed_session_is_busy_until_the_commit().await;
    contract.a_lease_ends_by_itself_and_its_owner_is_fenced_off().await;
    contract.an_answered_event_is_seen_with_its_answer().await;
    contract.a_released_session_is_as_it_was_before_the_claim().await;
    contract.a_session_that_is_claimed_and_never_saved_expires().await;
    contract.old_events_and_answers_are_forgotten().await;
    contract.repeating_a_call_that_succeeded_succeeds().await;
    contract.a_session_expires_on_time().await;
    contract.a_state_that_is_too_large_leaves_the_old_one().await;
    contract.a_large_answer_gives_way_to_the_state().await;
    contract.a_large_answer_is_forgotten_alone().await;
    contract.a_destroyed_session_begins_anew().await;
    contract.all_pages_together_hold_every_session_once().await;
}

struct Contract<'a> {
    store: &'a dyn SessionStore,
    clock: &'a ManualClock,
}

/// How the steps below save a session, unless they say otherwise.
struct Saved<'a> {
    event: Option<&'a str>,
    answer: Option<Answer>,
    expires_in: Option<Duration>,
}

impl Default for Saved<'_> {
    fn default() -> Self {
        Self { event: None, answer: None, expires_in: Some(Duration::from_hours(1)) }
    }
}

impl Contract<'_> {
    fn request(&self, key: &SessionKey, event: Option<&str>, owner: &str) -> ClaimRequest {
        ClaimRequest {
            key: key.clone(),
            event: event.map(Fingerprint::of),
            owner: owner.to_owned(),
            until: self.clock.now() + LEASE,
            expires: None,
        }
    }

    async fn claim(&self, key: &SessionKey, event: Option<&str>, owner: &str) -> Claim {
        self.store.claim(self.request(key, event, owner)).await.expect("claim")
    }

    async fn claimed(&self, key: &SessionKey, event: Option<&str>, owner: &str) -> Claimed {
        match self.claim(key, event, owner).await {
            Claim::Claimed(claimed) => *claimed,
            other => panic!("expected {owner} to get {key:?}, got {other:?}"),
        }
    }

    async fn save(
        &self,
        claimed: Claimed,
        state: Value,
        saved: Saved<'_>,
    ) -> Result<(), StoreError> {
        let Claimed { mut session, lease } = claimed;
        session.state = Some(object(state));
        let commit = Commit {
            session,
            event: saved.event.map(Fingerprint::of),
            answer: saved.answer,
            expires_in: saved.expires_in,
        };
        self.store.commit(&lease, &commit).await
    }

    async fn state(&self, key: &SessionKey) -> Option<Map<String, Value>> {
        self.store.read(key).await.expect("read").and_then(|session| session.state)
    }
}

fn key(name: &str) -> SessionKey {
    SessionKey::new("contract", name).expect("a short key")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("expected an object, got {other}"),
    }
}
