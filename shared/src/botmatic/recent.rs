//! What was found out about tokens, remembered for a moment and in bounded memory: most requests
//! come in bursts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::integrations::TokenDigest;
use crate::ground::clock::{Clock, Timestamp};

/// For how long another instance's change may go unnoticed.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(30);
/// So many tokens are remembered at most.
pub(super) const MOST: usize = 1_000;

/// Values by the digest of a token.
pub(super) struct Recent<V> {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept<V>>,
}

struct Kept<V> {
    values: HashMap<TokenDigest, (Timestamp, V)>,
    /// How often something was forgotten: what was found out before that may be out of date.
    forgotten: u64,
}

/// What is not remembered, and is about to be found out.
pub(super) struct Unknown<'a, V> {
    recent: &'a Recent<V>,
    digest: TokenDigest,
    asked: Timestamp,
    forgotten: u64,
}

impl<V: Clone> Recent<V> {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let kept = Kept { values: HashMap::new(), forgotten: 0 };
        Self { clock, kept: Mutex::new(kept) }
    }

    /// What is remembered of `token`, or the place for it.
    pub(super) fn get(&self, token: &str) -> Result<V, Unknown<'_, V>> {
        let digest = TokenDigest::of(token);
        let asked = self.clock.now();
        let kept = self.lock();
        match kept.values.get(&digest) {
            Some((until, value)) if *until > asked => Ok(value.clone()),
            _ => Err(Unknown { recent: self, digest, asked, forgotten: kept.forgotten }),
        }
    }

    /// Forgets what `is_meant`, and whatever is being found out.
    pub(super) fn forget(&self, is_meant: impl Fn(&V) -> bool) {
        let mut kept = self.lock();
        kept.forgotten += 1;
        kept.values.retain(|_, (_, value)| !is_meant(value));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().values.len()
    }

    fn lock(&self) -> MutexGuard<'_, Kept<V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Clone> Unknown<'_, V> {
    /// Remembers `value`, unless something was forgotten since.
    pub(super) fn remember(self, value: V) {
        let mut kept = self.recent.lock();
        if kept.forgotten == self.forgotten {
            kept.make_room(self.asked);
            kept.values.insert(self.digest, (self.asked + KEPT_FOR, value));
        }
    }
}

impl<V> Kept<V> {
    fn make_room(&mut self, now: Timestamp) {
        if self.values.len() >= MOST {
            self.values.retain(|_, (until, _)| *until > now);
        }
        if self.values.len() >= MOST {
            let oldest = self.values.iter().min_by_key(|(_, (until, _))| *until);
            if let Some(digest) = oldest.map(|(digest, _)| digest.clone()) {
                self.values.remove(&digest);
            }
        }
    }
}
