//! Sessions in DynamoDB: `claim` and `commit` are one conditional `UpdateItem` each.
//!
//! Both may be repeated after an answer got lost. The item then shows who holds or
//! committed it (`ReturnValuesOnConditionCheckFailure`), so that a repeated call that had already
//! succeeded is told from a refusal.

mod item;

use std::sync::Arc;

use async_trait::async_trait;

use super::record::{MAX_RECORD_BYTES, Record, Refusal};
use super::session::{Session, SessionKey};
use super::store::{Claim, ClaimRequest, Commit, Lease, Page, SessionStore, StoreError};
use crate::ground::aws::CallError;
use crate::ground::aws::dynamodb::{DynamoDb, Query, Write, WriteOutcome, number, text};
use crate::ground::clock::{Clock, Timestamp};
pub use item::{KEY_ATTRIBUTE, TTL_ATTRIBUTE};
use item::{commit_expression, item_key, key_of, naming, record_of};

const CLAIM: &str = "SET lease_owner = :owner, lease_until = :until";
/// A function that dies during a session's first event leaves an item; this lets it expire.
const CLAIM_TO_EXPIRE: &str = "SET lease_owner = :owner, lease_until = :until, \
     expires_at = if_not_exists(expires_at, :expires)";
/// An expired session begins anew, in an item that DynamoDB's time to live must not delete now.
const RENEW: &str = "SET lease_owner = :owner, lease_until = :until \
     REMOVE expires_at, committed_by, version, updated, seen, #state, #data, answers";
const RENEW_TO_EXPIRE: &str = "SET lease_owner = :owner, lease_until = :until, expires_at = :expires \
     REMOVE committed_by, version, updated, seen, #state, #data, answers";
/// The last part refuses an attempt that arrives after the one that repeated it has committed.
const FREE: &str = "(attribute_not_exists(lease_until) OR lease_until <= :now) \
     AND (attribute_not_exists(expires_at) OR expires_at > :now_seconds) \
     AND (attribute_not_exists(committed_by) OR committed_by <> :owner)";
const UNSEEN: &str = " AND (attribute_not_exists(seen) OR NOT contains(seen, :event))";
const OVER: &str = "(attribute_not_exists(lease_until) OR lease_until <= :now) \
     AND expires_at <= :now_seconds";
const RELEASE: &str = "REMOVE lease_owner, lease_until";
const OURS: &str = "lease_owner = :owner";

/// Sessions in a DynamoDB table.
pub struct DynamoSessions {
    client: DynamoDb,
    table: String,
    clock: Arc<dyn Clock>,
}

impl DynamoSessions {
    /// The sessions in `table`, whose partition key is [`KEY_ATTRIBUTE`], a string.
    pub fn new(client: DynamoDb, table: String, clock: Arc<dyn Clock>) -> Self {
        Self { client, table, clock }
    }

    /// Claims a session that has expired and was not deleted yet.
    async fn renew(&self, request: ClaimRequest, now: Timestamp) -> Result<Claim, StoreError> {
        let expression = if request.expires.is_some() { RENEW_TO_EXPIRE } else { RENEW };
        let update = naming(self.lease(&request, now)).update(expression).on_condition(OVER);
        match outcome(self.client.update(&update).await)? {
            WriteOutcome::Done(_) => Record::default().claimed(request, now),
            WriteOutcome::Refused(item) => match record_of(item)?.refusal(&request, now) {
                Refusal::AlreadyOurs(record) => record.claimed(request, now),
                Refusal::Claim(claim) => Ok(claim),
            },
        }
    }

    /// An update that puts a lease on a session.
    fn lease(&self, request: &ClaimRequest, now: Timestamp) -> Write<'_> {
        let update = self
            .write(&request.key)
            .value(":owner", text(&request.owner))
            .value(":until", number(request.until.as_millis()))
            .value(":now", number(now.as_millis()))
            .value(":now_seconds", number(now.as_secs()))
            .returning_old()
            .returning_refused();
        match request.expires {
            Some(expires) => update.value(":expires", number(expires.as_secs())),
            None => update,
        }
    }

    fn write(&self, key: &SessionKey) -> Write<'_> {
        Write::to(&self.table, item_key(key))
    }
}

#[async_trait]
impl SessionStore for DynamoSessions {
    async fn claim(&self, request: ClaimRequest) -> Result<Claim, StoreError> {
        let now = self.clock.now();
        let expression = if request.expires.is_some() { CLAIM_TO_EXPIRE } else { CLAIM };
        let update = self.lease(&request, now).update(expression);
        let update = match request.event {
            Some(event) => update
                .on_condition(format!("{FREE}{UNSEEN}"))
                .value(":event", number(event.to_bits())),
            None => update.on_condition(FREE),
        };
        let record = match outcome(self.client.update(&update).await)? {
            WriteOutcome::Done(before) => record_of(before)?,
            WriteOutcome::Refused(item) => match record_of(item)? {
                record if record.is_reclaimable(now) => return self.renew(request, now).await,
                record => match record.refusal(&request, now) {
                    Refusal::AlreadyOurs(record) => record,
                    Refusal::Claim(claim) => return Ok(claim),
                },
            },
        };
        record.claimed(request, now)
    }

    async fn commit(&self, lease: &Lease, commit: &Commit) -> Result<(), StoreError> {
        let record = lease.record.committed(&lease.owner, commit, self.clock.now())?;
        let (expression, values) = commit_expression(record);
        let update = naming(self.write(&commit.session.key))
            .update(expression)
            .on_condition(OURS)
            .values(values)
            .returning_refused();
        match outcome(self.client.update(&update).await)? {
            WriteOutcome::Done(_) => Ok(()),
            WriteOutcome::Refused(item) => {
                let is_saved =
                    record_of(item)?.contains_commit(&lease.owner, commit, self.clock.now());
                is_saved.then_some(()).ok_or(StoreError::LeaseLost)
            }
        }
    }

    async fn release(&self, key: &SessionKey, lease: &Lease) -> Result<(), StoreError> {
        let update = self.write(key).update(RELEASE).on_condition(OURS);
        let update = update.value(":owner", text(&lease.owner));
        outcome(self.client.update(&update).await)?;
        Ok(())
    }

    async fn read(&self, key: &SessionKey) -> Result<Option<Session>, StoreError> {
        let query = Query::of(&self.table).key(item_key(key));
        let item = self.client.get(&query).await.map_err(unavailable)?;
        let now = self.clock.now();
        let record = record_of(item)?;
        record.is_saved(now).then(|| record.session(key.clone())).transpose()
    }

    async fn all(&self, from: Option<&SessionKey>, limit: u16) -> Result<Page, StoreError> {
        let query = Query::of(&self.table).limit(limit).after(from.map(item_key));
        let page = self.client.scan(&query).await.map_err(unavailable)?;
        let next = page.last_evaluated_key.as_ref().map(key_of).transpose()?;
        let now = self.clock.now();
        let mut sessions = Vec::new();
        for item in page.items {
            let key = key_of(&item)?;
            let record = record_of(Some(item))?;
            if record.is_saved(now) {
                sessions.push(record.session(key)?);
            }
        }
        Ok(Page { sessions, next })
    }

    async fn destroy(&self, key: &SessionKey) -> Result<(), StoreError> {
        self.client.delete(&self.write(key)).await.map_err(unavailable)?;
        Ok(())
    }

    fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }
}

fn outcome(result: Result<WriteOutcome, CallError>) -> Result<WriteOutcome, StoreError> {
    result.map_err(|error| {
        if is_too_large(&error) {
            return StoreError::TooLarge { bytes: MAX_RECORD_BYTES, limit: MAX_RECORD_BYTES };
        }
        unavailable(error)
    })
}

/// Our own estimate refuses such an item first; this is for the case that it is a few bytes off.
fn is_too_large(error: &CallError) -> bool {
    error.refusal().is_some_and(|refusal| {
        refusal.code == "ValidationException" && refusal.message.contains("tem size")
    })
}

fn unavailable(error: CallError) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
