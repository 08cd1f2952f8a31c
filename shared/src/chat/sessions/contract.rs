//! What every [`SessionStore`] does, as a function to call from a test of each implementation.

#![expect(clippy::expect_used, clippy::panic, reason = "a failed expectation is how it reports")]

use std::time::Duration;

use serde_json::{Map, Value, json};

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

    async fn a_new_session_is_claimed_saved_and_read(&self) {
        let key = key("new");
        assert!(self.store.read(&key).await.expect("read").is_none());
        let mut claimed = self.claimed(&key, Some("1"), "a").await;
        assert_eq!((claimed.session.version, &claimed.session.state), (0, &None));
        assert!(self.store.read(&key).await.expect("read").is_none(), "a claim saves nothing");

        claimed.session.data.insert("name".to_owned(), json!("Ada"));
        let saved = Saved { event: Some("1"), ..Saved::default() };
        self.save(claimed, json!({"count": 1}), saved).await.expect("commit");
        let session = self.store.read(&key).await.expect("read").expect("a session");
        assert_eq!(session.state, Some(object(json!({"count": 1}))));
        assert_eq!((session.version, session.updated), (1, Some(self.clock.now())));
        assert_eq!(session.data["name"], "Ada");
        assert_eq!(self.claimed(&key, Some("2"), "b").await.session, session);
    }

    async fn a_claimed_session_is_busy_until_the_commit(&self) {
        let key = key("busy");
        let claimed = self.claimed(&key, Some("1"), "a").await;
        match self.claim(&key, Some("2"), "b").await {
            Claim::Busy { until } => assert_eq!(until, self.clock.now() + LEASE),
            other => panic!("expected a busy session, got {other:?}"),
        }
        self.save(claimed, json!({}), Saved::default()).await.expect("commit");
        self.claimed(&key, Some("2"), "b").await;
    }

    async fn a_lease_ends_by_itself_and_its_owner_is_fenced_off(&self) {
        let key = key("crash");
        let saved = Saved { event: Some("0"), ..Saved::default() };
        let first = self.claimed(&key, Some("0"), "a").await;
        self.save(first, json!({"count": 1}), saved).await.expect("commit");

        let dead = self.claimed(&key, Some("1"), "b").await;
        self.clock.advance(LEASE);
        let next = self.claimed(&key, Some("1"), "c").await;
        assert_eq!(next.session.state, Some(object(json!({"count": 1}))), "the state before");
        let late = self.save(dead, json!({"count": 99}), Saved::default()).await;
        assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
        self.save(next, json!({"count": 2}), Saved::default()).await.expect("commit");
        assert_eq!(self.state(&key).await, Some(object(json!({"count": 2}))));
    }

    async fn an_answered_event_is_seen_with_its_answer(&self) {
        let key = key("seen");
        let answer = Answer { replies: vec![json!({"text": "hi"})], failure: None };
        let claimed = self.claimed(&key, Some("1"), "a").await;
        let saved = Saved { event: Some("1"), answer: Some(answer.clone()), ..Saved::default() };
        self.save(claimed, json!({"count": 1}), saved).await.expect("commit");
        match self.claim(&key, Some("1"), "b").await {
            Claim::Seen(remembered) => assert_eq!(remembered, Some(answer)),
            other => panic!("expected the event to be seen, got {other:?}"),
        }
        self.claimed(&key, Some("2"), "c").await;
        // While somebody answers another event, one that was answered before is still recognised.
        assert!(matches!(self.claim(&key, Some("1"), "d").await, Claim::Seen(Some(_))));
    }

    async fn a_released_session_is_as_it_was_before_the_claim(&self) {
        let key = key("release");
        let first = self.claimed(&key, Some("1"), "a").await;
        self.store.release(&key, &first.lease).await.expect("release");
        assert!(self.store.read(&key).await.expect("read").is_none(), "nothing was saved");
        let again = self.claimed(&key, Some("1"), "b").await;
        assert_eq!(again.session.version, 0, "no event was answered");
        // Somebody else has it by now: releasing the first lease once more changes nothing.
        self.store.release(&key, &first.lease).await.expect("release");
        assert!(matches!(self.claim(&key, Some("1"), "c").await, Claim::Busy { .. }));
        self.save(again, json!({}), Saved::default()).await.expect("commit");
    }

    async fn a_session_that_is_claimed_and_never_saved_expires(&self) {
        let key = key("orphan");
        let expires = Some(self.clock.now() + Duration::from_mins(1));
        let request = ClaimRequest { expires, ..self.request(&key, Some("1"), "a") };
        let claim = self.store.claim(request).await.expect("claim");
        assert!(matches!(claim, Claim::Claimed(_)));
        self.clock.advance(Duration::from_mins(1));
        let claimed = self.claimed(&key, Some("1"), "b").await;
        let saved = Saved { expires_in: None, ..Saved::default() };
        self.save(claimed, json!({"count": 1}), saved).await.expect("commit");
        // A session that is kept for ever is not made to expire by the next claim.
        self.clock.advance(Duration::from_hours(10_000));
        assert!(self.state(&key).await.is_some());
    }

    async fn old_events_and_answers_are_forgotten(&self) {
        let key = key("forget");
        let events: Vec<_> = (0..=super::EVENTS_KEPT).map(|event| event.to_string()).collect();
        for event in &events {
            let answer = Some(Answer { replies: vec![json!(event)], failure: None });
            let claimed = self.claimed(&key, Some(event), event).await;
            let saved = Saved { event: Some(event), answer, ..Saved::default() };
            self.save(claimed, json!({}), saved).await.expect("commit");
        }
        for event in events.iter().skip(1).rev() {
            let age = events.len() - 1 - event.parse::<usize>().expect("a number");
            match self.claim(&key, Some(event), "x").await {
                Claim::Seen(answer) => {
                    assert_eq!(answer.is_some(), age <= super::ANSWERS_KEPT, "age {age}");
                }
                other => panic!("expected event {event} to be seen, got {other:?}"),
            }
        }
        self.claimed(&key, Some(&events[0]), "y").await;
    }

    async fn repeating_a_call_that_succeeded_succeeds(&self) {
        let key = key("repeat");
        self.claimed(&key, Some("1"), "a").await;
        let again = self.claimed(&key, Some("1"), "a").await;
        let twin = self.claimed(&key, Some("1"), "a").await;
        let saved = || Saved { event: Some("1"), ..Saved::default() };
        self.save(again, json!({"count": 1}), saved()).await.expect("commit");
        self.save(twin, json!({"count": 1}), saved()).await.expect("the same commit again");
        let session = self.store.read(&key).await.expect("read").expect("a session");
        assert_eq!(session.version, 1);
        // Also where somebody else has answered the next event in between.
        let twin = self.claimed(&key, Some("2"), "b").await;
        let again = self.claimed(&key, Some("2"), "b").await;
        let second = || Saved { event: Some("2"), ..Saved::default() };
        self.save(again, json!({"count": 2}), second()).await.expect("commit");
        let next = self.claimed(&key, Some("3"), "c").await;
        let third = Saved { event: Some("3"), ..Saved::default() };
        self.save(next, json!({"count": 3}), third).await.expect("commit");
        self.save(twin, json!({"count": 2}), second()).await.expect("the same commit again");
        assert_eq!(self.state(&key).await, Some(object(json!({"count": 3}))));
        // An attempt to claim that arrives after its repetition was committed locks nobody out.
        assert!(matches!(self.claim(&key, None, "c").await, Claim::Busy { .. }));
        self.claimed(&key, None, "d").await;
    }

    async fn a_session_expires_on_time(&self) {
        let key = key("expire");
        let lifetime = Duration::from_mins(1);
        let claimed = self.claimed(&key, Some("1"), "a").await;
        let saved = Saved { event: Some("1"), expires_in: Some(lifetime), ..Saved::default() };
        self.save(claimed, json!({"count": 1}), saved).await.expect("commit");
        self.clock.advance(Duration::from_secs(58));
        assert!(self.state(&key).await.is_some());
        self.clock.advance(Duration::from_secs(2));
        assert!(self.store.read(&key).await.expect("read").is_none());
        // What it had answered is forgotten with it.
        let claimed = self.claimed(&key, Some("1"), "b").await;
        assert_eq!((&claimed.session.state, claimed.session.version), (&None, 0));
        self.save(claimed, json!({}), Saved::default()).await.expect("commit");
        assert_eq!(self.claimed(&key, Some("2"), "c").await.session.version, 1);
    }

    async fn a_state_that_is_too_large_leaves_the_old_one(&self) {
        let key = key("large");
        let almost = json!({"text": "x".repeat(380 * 1024)});
        let claimed = self.claimed(&key, Some("1"), "a").await;
        self.save(claimed, almost.clone(), Saved::default()).await.expect("380 KB fit");
        let claimed = self.claimed(&key, Some("2"), "b").await;
        let too_large = json!({"text": "x".repeat(400 * 1024)});
        let refused = self.save(claimed, too_large, Saved::default()).await;
        assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
        assert_eq!(self.state(&key).await, Some(object(almost)));
    }

    async fn a_large_answer_gives_way_to_the_state(&self) {
        let key = key("answer");
        let answer = |size: usize| Answer { replies: vec![json!("x".repeat(size))], failure: None };
        let cases = [("1", 60, 200, true), ("2", 70, 200, false), ("3", 60, 350, false)];
        for (event, answer_kb, state_kb, remembered) in cases {
            let size = answer_kb * 1024;
            let claimed = self.claimed(&key, Some(event), event).await;
            let state = json!({"text": "x".repeat(state_kb * 1024)});
            let saved =
                Saved { event: Some(event), answer: Some(answer(size)), ..Saved::default() };
            self.save(claimed, state, saved).await.expect("commit");
            match self.claim(&key, Some(event), "again").await {
                Claim::Seen(found) => assert_eq!(found.is_some(), remembered, "{size} bytes"),
                other => panic!("expected the event to be seen, got {other:?}"),
            }
        }
    }

    async fn a_destroyed_session_begins_anew(&self) {
        let key = key("destroy");
        let claimed = self.claimed(&key, Some("1"), "a").await;
        let saved = Saved { event: Some("1"), ..Saved::default() };
        self.save(claimed, json!({"count": 1}), saved).await.expect("commit");
        let held = self.claimed(&key, Some("2"), "b").await;
        self.store.destroy(&key).await.expect("destroy");
        let late = self.save(held, json!({"count": 2}), Saved::default()).await;
        assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
        assert!(self.store.read(&key).await.expect("read").is_none());
        assert_eq!(self.claimed(&key, Some("1"), "c").await.session.state, None);
    }

    async fn all_pages_together_hold_every_session_once(&self) {
        let mut expected = Vec::new();
        for number in 0..7 {
            let key = key(&format!("page-{number}"));
            let claimed = self.claimed(&key, None, "a").await;
            self.save(claimed, json!({}), Saved::default()).await.expect("commit");
            expected.push(key);
        }
        let (mut found, mut from) = (Vec::new(), None);
        loop {
            let page = self.store.all(from.as_ref(), 3).await.expect("a page");
            assert!(page.sessions.len() <= 3);
            found.extend(page.sessions.into_iter().map(|session| session.key));
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        found.retain(|key| key.as_str().contains("page-"));
        found.sort();
        assert_eq!(found, expected);
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
