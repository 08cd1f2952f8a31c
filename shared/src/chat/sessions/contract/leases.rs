//! Who has a session, and for how long.

use serde_json::json;

use super::{Contract, LEASE, Saved, key, object};
use crate::chat::sessions::{Claim, StoreError};
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub(super) async fn a_claimed_session_is_busy_until_the_commit(&self) {
        let key = key("busy");
        let claimed = self.claimed(&key, Some("1"), "a").await;
        match self.claim(&key, Some("2"), "b").await {
            Claim::Busy { until } => assert_eq!(until, self.clock.now() + LEASE),
            other => panic!("expected a busy session, got {other:?}"),
        }
        self.save(claimed, json!({}), Saved::default()).await.expect("commit");
        self.claimed(&key, Some("2"), "b").await;
    }

    pub(super) async fn a_lease_ends_by_itself_and_its_owner_is_fenced_off(&self) {
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

    pub(super) async fn a_released_session_is_as_it_was_before_the_claim(&self) {
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

    pub(super) async fn repeating_a_call_that_succeeded_succeeds(&self) {
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
}
