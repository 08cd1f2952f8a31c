//! What is saved, read, listed and destroyed.

use serde_json::json;

use super::{Contract, Saved, key, object};
use crate::chat::sessions::StoreError;
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub(super) async fn a_new_session_is_claimed_saved_and_read(&self) {
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

    pub(super) async fn a_state_that_is_too_large_leaves_the_old_one(&self) {
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

    pub(super) async fn a_destroyed_session_begins_anew(&self) {
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

    pub(super) async fn all_pages_together_hold_every_session_once(&self) {
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
