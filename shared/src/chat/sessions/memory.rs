//! Sessions in memory, for unit tests and for trying a bot without a database.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::record::{Record, Refusal};
use super::session::{Session, SessionKey};
use super::store::{Claim, ClaimRequest, Commit, Lease, Page, SessionStore, StoreError};
use crate::ground::clock::{Clock, Timestamp};

/// Sessions that live as long as the process.
pub struct MemorySessions {
    records: Mutex<BTreeMap<SessionKey, Record>>,
    clock: Arc<dyn Clock>,
}

impl MemorySessions {
    /// No sessions yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { records: Mutex::default(), clock }
    }

    fn records(&self) -> MutexGuard<'_, BTreeMap<SessionKey, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `record` lets `request` have the session.
fn is_free(record: &Record, request: &ClaimRequest, now: Timestamp) -> bool {
    let leased = record.lease.as_ref().is_some_and(|(_, until)| *until > now);
    let seen = request.event.is_some_and(|event| record.remembers(event, now));
    let late = record.committed_by.as_ref() == Some(&request.owner);
    !leased && !seen && !late
}

#[async_trait]
impl SessionStore for MemorySessions {
    async fn claim(&self, request: ClaimRequest) -> Result<Claim, StoreError> {
        let now = self.clock.now();
        let mut records = self.records();
        let stored = records.entry(request.key.clone()).or_default();
        let record = if is_free(stored, &request, now) {
            stored.lease = Some((request.owner.clone(), request.until));
            let before = stored.clone();
            if before.is_expired(now) {
                *stored = Record { lease: stored.lease.take(), ..Record::default() };
            }
            stored.expires = stored.expires.or(request.expires);
            before
        } else {
            match stored.clone().refusal(&request, now) {
                Refusal::AlreadyOurs(record) => record,
                Refusal::Claim(claim) => return Ok(claim),
            }
        };
        record.claimed(request, now)
    }

    async fn commit(&self, lease: &Lease, commit: &Commit) -> Result<(), StoreError> {
        let key = commit.session.key.clone();
        let after = lease.record.committed(&lease.owner, commit, self.clock.now())?;
        let mut records = self.records();
        let Some(stored) = records.get_mut(&key) else { return Err(StoreError::LeaseLost) };
        match &stored.lease {
            Some((owner, _)) if *owner == lease.owner => *stored = after,
            _ if stored.contains_commit(&lease.owner, commit, self.clock.now()) => {}
            _ => return Err(StoreError::LeaseLost),
        }
        Ok(())
    }

    async fn release(&self, key: &SessionKey, lease: &Lease) -> Result<(), StoreError> {
        if let Some(record) = self.records().get_mut(key) {
            record.lease.take_if(|(owner, _)| *owner == lease.owner);
        }
        Ok(())
    }

    async fn read(&self, key: &SessionKey) -> Result<Option<Session>, StoreError> {
        let now = self.clock.now();
        let records = self.records();
        let record = records.get(key).filter(|record| record.is_saved(now));
        record.map(|record| record.session(key.clone())).transpose()
    }

    async fn all(&self, from: Option<&SessionKey>, limit: u16) -> Result<Page, StoreError> {
        let now = self.clock.now();
        let records = self.records();
        let mut rest = records.iter().filter(|(key, _)| from.is_none_or(|from| *key > from));
        let page: Vec<_> = rest.by_ref().take(usize::from(limit)).collect();
        let next = page.last().filter(|_| rest.next().is_some()).map(|(key, _)| (*key).clone());
        let saved = page.into_iter().filter(|(_, record)| record.is_saved(now));
        let sessions = saved.map(|(key, record)| record.session(key.clone()));
        Ok(Page { sessions: sessions.collect::<Result<_, _>>()?, next })
    }

    async fn destroy(&self, key: &SessionKey) -> Result<(), StoreError> {
        self.records().remove(key);
        Ok(())
    }

    fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::sessions::contract;
    use crate::ground::clock::ManualClock;

    #[tokio::test]
    async fn it_keeps_the_contract() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
        let store = MemorySessions::new(clock.clone());
        contract::check(&store, &clock).await;
    }
}
