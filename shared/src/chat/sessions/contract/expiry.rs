//! Sessions that end by themselves.

use std::time::Duration;

use serde_json::json;

use super::{Contract, Saved, key};
use crate::chat::sessions::{Claim, ClaimRequest};
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub(super) async fn a_session_that_is_claimed_and_never_saved_expires(&self) {
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

    pub(super) async fn a_session_expires_on_time(&self) {
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
}
