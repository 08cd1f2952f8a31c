//! Who may send, remembered for a moment.

use std::sync::Arc;

use super::auth::{Auth, AuthError, Authenticate};
use crate::botmatic::recent::Recent;
use crate::ground::clock::Clock;
use crate::ground::secret::Secret;

/// An [`Authenticate`] whose acceptances count for 30 seconds, by the digest of the token. A refusal
/// is not remembered, nor that it could not be found out.
pub struct AuthCache {
    auth: Arc<dyn Authenticate>,
    recent: Recent<Auth>,
}

impl AuthCache {
    /// Remembers what `auth` says.
    pub fn new(auth: Arc<dyn Authenticate>, clock: Arc<dyn Clock>) -> Self {
        Self { auth, recent: Recent::new(clock) }
    }

    /// Who has this token.
    pub async fn authenticate(&self, token: &Secret) -> Result<Auth, AuthError> {
        let unknown = match self.recent.get(token.expose()) {
            Ok(auth) => return Ok(auth),
            Err(unknown) => unknown,
        };
        let auth = self.auth.authenticate(token).await?;
        unknown.remember(auth.clone());
        Ok(auth)
    }

    /// Forgets everybody: a token was replaced, or an integration uninstalled.
    pub fn clear(&self) {
        self.recent.forget(|_| true);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::ground::clock::{ManualClock, Timestamp};

    /// Accepts whoever is not called `bad` or `down`, and says how often it was asked.
    fn cache() -> (AuthCache, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000)));
        let asked = Arc::new(AtomicUsize::new(0));
        let auth = move |token: Secret| {
            let times = asked.fetch_add(1, SeqCst) + 1;
            std::future::ready(match token.expose() {
                "bad" => Err(AuthError::Refused),
                "down" => Err(AuthError::Unavailable("no answer".into())),
                _ => Ok(Auth { token, client: Some(json!(times)) }),
            })
        };
        (AuthCache::new(Arc::new(auth), Arc::clone(&clock) as Arc<dyn Clock>), clock)
    }

    /// How often somebody had been asked when `token` was accepted.
    async fn asked(cache: &AuthCache, token: &str) -> Option<u64> {
        let token = Secret::try_from(token.to_owned()).unwrap();
        let auth = cache.authenticate(&token).await.ok()?;
        assert!(auth.token.matches(token.expose()));
        auth.client.and_then(|times| times.as_u64())
    }

    #[tokio::test]
    async fn who_is_accepted_is_accepted_for_a_while() {
        let (cache, clock) = cache();
        for (token, after, expected) in [
            ("a", 0, Some(1)),
            ("a", 29_999, Some(1)),
            ("b", 0, Some(2)),
            ("a", 1, Some(3)),
            ("a", 29_999, Some(3)),
        ] {
            clock.advance(Duration::from_millis(after));
            assert_eq!(asked(&cache, token).await, expected, "{token} after {after} ms");
        }
    }

    #[tokio::test]
    async fn a_refusal_is_asked_for_again_and_so_is_what_was_cleared() {
        let (cache, _) = cache();
        for (token, expected) in
            [("bad", None), ("bad", None), ("down", None), ("down", None), ("a", Some(5))]
        {
            assert_eq!(asked(&cache, token).await, expected, "{token}");
        }
        cache.clear();
        assert_eq!(asked(&cache, "a").await, Some(6));
    }
}
