use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Weak};
use std::time::Duration;

use async_trait::async_trait;

use super::*;
use crate::botmatic::Fields;
use crate::botmatic::integrations::MemoryIntegrations;
use crate::botmatic::recent::{KEPT_FOR, MOST};
use crate::ground::clock::{ManualClock, Timestamp};
use crate::ground::secret::Secret;

/// Counts who is asked for, and does something while it is.
struct Store {
    inner: MemoryIntegrations,
    asked: AtomicUsize,
    meanwhile: Mutex<Option<Box<dyn Fn() + Send>>>,
}

#[async_trait]
impl IntegrationStore for Store {
    async fn install(
        &self,
        token: &Secret,
        new_id: IntegrationId,
    ) -> Result<Integration, IntegrationError> {
        self.inner.install(token, new_id).await
    }

    async fn by_token(&self, token: &str) -> Result<Option<Integration>, IntegrationError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let found = self.inner.by_token(token).await;
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        found
    }

    async fn by_id(&self, id: &IntegrationId) -> Result<Option<Integration>, IntegrationError> {
        self.inner.by_id(id).await
    }

    async fn replace_token(
        &self,
        id: &IntegrationId,
        token: &Secret,
    ) -> Result<Integration, IntegrationError> {
        self.inner.replace_token(id, token).await
    }

    async fn save_settings(
        &self,
        id: &IntegrationId,
        settings: &Fields,
    ) -> Result<(), IntegrationError> {
        self.inner.save_settings(id, settings).await
    }

    async fn begin_uninstall(&self, id: &IntegrationId) -> Result<(), IntegrationError> {
        self.inner.begin_uninstall(id).await
    }

    async fn forget(&self, id: &IntegrationId) -> Result<(), IntegrationError> {
        self.inner.forget(id).await
    }
}

struct Fixture {
    store: Arc<Store>,
    cache: Arc<TokenCache>,
    clock: Arc<ManualClock>,
}

impl Fixture {
    /// So many integrations, whose tokens are their ids: `0`, `1`, and so on.
    async fn new(integrations: usize) -> Self {
        let inner = MemoryIntegrations::default();
        let store = Store { inner, asked: AtomicUsize::new(0), meanwhile: Mutex::default() };
        let store = Arc::new(store);
        for number in 0..integrations {
            let token = Secret::try_from(number.to_string()).unwrap();
            store.install(&token, id(number)).await.unwrap();
        }
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000)));
        let dyn_store = Arc::clone(&store) as Arc<dyn IntegrationStore>;
        let dyn_clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let cache = Arc::new(TokenCache::new(dyn_store, dyn_clock));
        Self { store, cache, clock }
    }

    /// Whether there is such a token, and whether the store was asked.
    async fn ask(&self, token: &str) -> (bool, bool) {
        let before = self.store.asked.load(Ordering::Relaxed);
        let found = self.cache.by_token(token).await.unwrap().is_some();
        (found, self.store.asked.load(Ordering::Relaxed) > before)
    }
}

fn id(number: usize) -> IntegrationId {
    IntegrationId::try_from(number.to_string()).unwrap()
}

#[tokio::test]
async fn what_was_found_is_remembered_for_a_while() {
    let it = Fixture::new(1).await;
    for (token, after, expected) in [
        ("0", 0, (true, true)),
        ("0", 29_999, (true, false)),
        ("0", 1, (true, true)),
        ("0", 29_000, (true, false)),
        ("none", 0, (false, true)),
        ("none", 0, (false, true)),
    ] {
        it.clock.advance(Duration::from_millis(after));
        assert_eq!(it.ask(token).await, expected, "{token} after {after} ms");
    }
}

#[tokio::test]
async fn one_that_was_changed_is_asked_for_again() {
    let it = Fixture::new(2).await;
    it.ask("0").await;
    it.ask("1").await;
    it.store.replace_token(&id(0), &Secret::try_from("new".to_owned()).unwrap()).await.unwrap();
    it.cache.invalidate(&id(0));
    assert_eq!(it.ask("0").await, (false, true));
    assert_eq!(it.ask("1").await, (true, false));
    it.store.begin_uninstall(&id(1)).await.unwrap();
    it.cache.invalidate(&id(1));
    for _ in 0..2 {
        assert_eq!(it.ask("1").await, (true, true), "while it is being uninstalled");
    }
}

#[tokio::test]
async fn what_was_read_before_a_change_is_not_remembered_after_it() {
    let it = Fixture::new(1).await;
    let cache: Weak<TokenCache> = Arc::downgrade(&it.cache);
    let meanwhile = move || cache.upgrade().unwrap().invalidate(&id(0));
    *it.store.meanwhile.lock().unwrap() = Some(Box::new(meanwhile));
    assert_eq!(it.ask("0").await, (true, true));
    assert_eq!(it.ask("0").await, (true, true));
    assert_eq!(it.ask("0").await, (true, false));
}

#[tokio::test]
async fn the_oldest_makes_room() {
    let it = Fixture::new(MOST + 1).await;
    for number in 0..=MOST {
        it.ask(&number.to_string()).await;
        it.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(it.cache.recent.len(), MOST);
    assert_eq!(it.ask("1").await, (true, false));
    assert_eq!(it.ask("0").await, (true, true));
    assert_eq!(it.cache.recent.len(), MOST);
}

#[tokio::test]
async fn what_has_expired_makes_room_first() {
    let it = Fixture::new(MOST + 1).await;
    for number in 0..MOST {
        it.ask(&number.to_string()).await;
    }
    it.clock.advance(KEPT_FOR);
    it.ask(&MOST.to_string()).await;
    assert_eq!(it.cache.recent.len(), 1);
}
