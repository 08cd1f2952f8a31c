//! Sessions in DynamoDB: `claim` and `commit` are one conditional `UpdateItem` each.
//!
//! Both may be repeated by the SDK after an answer got lost. The item then shows who holds or
//! committed it (`ReturnValuesOnConditionCheckFailure`), so that a repeated call that had already
//! succeeded is told from a refusal.

mod item;

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::record::{MAX_RECORD_BYTES, Record, Refusal};
use super::session::{Session, SessionKey};
use super::store::{Claim, ClaimRequest, Commit, Lease, Page, SessionStore, StoreError};
use crate::ground::clock::{Clock, Timestamp};
use item::{Item, key_of, number, record_of};
pub use item::{KEY_ATTRIBUTE, TTL_ATTRIBUTE};

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
    client: Client,
    table: String,
    clock: Arc<dyn Clock>,
}

impl DynamoSessions {
    /// The sessions in `table`, whose partition key is [`KEY_ATTRIBUTE`], a string.
    pub fn new(client: Client, table: String, clock: Arc<dyn Clock>) -> Self {
        Self { client, table, clock }
    }

    /// Claims a session that has expired and was not deleted yet.
    async fn renew(&self, request: ClaimRequest, now: Timestamp) -> Result<Claim, StoreError> {
        let expression = if request.expires.is_some() { RENEW_TO_EXPIRE } else { RENEW };
        let update = self
            .lease(&request, now)
            .update_expression(expression)
            .condition_expression(OVER)
            .set_expression_attribute_names(Some(item::commit_names()));
        match outcome(update.send().await)? {
            Outcome::Done(_) => Record::default().claimed(request, now),
            Outcome::Refused(item) => match record_of(item)?.refusal(&request, now) {
                Refusal::AlreadyOurs(record) => record.claimed(request, now),
                Refusal::Claim(claim) => Ok(claim),
            },
        }
    }

    /// An update that puts a lease on a session.
    fn lease(&self, request: &ClaimRequest, now: Timestamp) -> UpdateItemFluentBuilder {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KEY_ATTRIBUTE, AttributeValue::S(request.key.as_str().to_owned()))
            .expression_attribute_values(":owner", AttributeValue::S(request.owner.clone()))
            .expression_attribute_values(":until", number(request.until.as_millis()))
            .expression_attribute_values(":now", number(now.as_millis()))
            .expression_attribute_values(":now_seconds", number(now.as_secs()))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.expires {
            Some(expires) => {
                update.expression_attribute_values(":expires", number(expires.as_secs()))
            }
            None => update,
        }
    }
}

#[async_trait]
impl SessionStore for DynamoSessions {
    async fn claim(&self, request: ClaimRequest) -> Result<Claim, StoreError> {
        let now = self.clock.now();
        let expression = if request.expires.is_some() { CLAIM_TO_EXPIRE } else { CLAIM };
        let mut update = self.lease(&request, now).update_expression(expression);
        update = match request.event {
            Some(event) => update
                .condition_expression(format!("{FREE}{UNSEEN}"))
                .expression_attribute_values(":event", number(event.to_bits())),
            None => update.condition_expression(FREE),
        };
        let record = match outcome(update.send().await)? {
            Outcome::Done(before) => record_of(before)?,
            Outcome::Refused(item) => match record_of(item)? {
                record if record.is_over(now) => return self.renew(request, now).await,
                record => match record.refusal(&request, now) {
                    Refusal::AlreadyOurs(record) => record,
                    Refusal::Claim(claim) => return Ok(claim),
                },
            },
        };
        record.claimed(request, now)
    }

    async fn commit(&self, lease: &Lease, commit: &Commit) -> Result<(), StoreError> {
        let key = commit.session.key.clone();
        let record = lease.record.after(&lease.owner, commit, self.clock.now())?;
        let (expression, values) = item::commit_expression(record);
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KEY_ATTRIBUTE, AttributeValue::S(key.as_str().to_owned()))
            .update_expression(expression)
            .condition_expression(OURS)
            .set_expression_attribute_names(Some(item::commit_names()))
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match outcome(update.send().await)? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(item) => {
                let is_saved = record_of(item)?.has(&lease.owner, commit, self.clock.now());
                is_saved.then_some(()).ok_or(StoreError::LeaseLost)
            }
        }
    }

    async fn release(&self, key: &SessionKey, lease: &Lease) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KEY_ATTRIBUTE, AttributeValue::S(key.as_str().to_owned()))
            .update_expression(RELEASE)
            .condition_expression(OURS)
            .expression_attribute_values(":owner", AttributeValue::S(lease.owner.clone()));
        outcome(update.send().await)?;
        Ok(())
    }

    async fn read(&self, key: &SessionKey) -> Result<Option<Session>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(KEY_ATTRIBUTE, AttributeValue::S(key.as_str().to_owned()))
            .consistent_read(true);
        let item = get.send().await.map_err(unavailable)?.item;
        let now = self.clock.now();
        let record = record_of(item)?;
        record.is_saved(now).then(|| record.session(key.clone())).transpose()
    }

    async fn all(&self, from: Option<&SessionKey>, limit: u16) -> Result<Page, StoreError> {
        let mut scan = self
            .client
            .scan()
            .table_name(&self.table)
            .limit(i32::from(limit))
            .consistent_read(true);
        if let Some(from) = from {
            scan = scan
                .exclusive_start_key(KEY_ATTRIBUTE, AttributeValue::S(from.as_str().to_owned()));
        }
        let output = scan.send().await.map_err(unavailable)?;
        let next = output.last_evaluated_key.as_ref().map(key_of).transpose()?;
        let now = self.clock.now();
        let mut sessions = Vec::new();
        for item in output.items.unwrap_or_default() {
            let key = key_of(&item)?;
            let record = record_of(Some(item))?;
            if record.is_saved(now) {
                sessions.push(record.session(key)?);
            }
        }
        Ok(Page { sessions, next })
    }

    async fn destroy(&self, key: &SessionKey) -> Result<(), StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(KEY_ATTRIBUTE, AttributeValue::S(key.as_str().to_owned()));
        delete.send().await.map_err(unavailable)?;
        Ok(())
    }

    fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }
}

/// What became of a conditional update.
enum Outcome {
    /// It was made; this is the item as it was before, if that was asked for.
    Done(Option<Item>),
    /// The condition was false; this is the item as it is.
    Refused(Option<Item>),
}

fn outcome(
    result: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<Outcome, StoreError> {
    match result {
        Ok(output) => Ok(Outcome::Done(output.attributes)),
        Err(SdkError::ServiceError(error)) => match error.into_err() {
            UpdateItemError::ConditionalCheckFailedException(failed) => {
                Ok(Outcome::Refused(failed.item))
            }
            error if is_too_large(&error) => {
                Err(StoreError::TooLarge { bytes: MAX_RECORD_BYTES, limit: MAX_RECORD_BYTES })
            }
            error => Err(unavailable(error)),
        },
        Err(error) => Err(unavailable(error)),
    }
}

/// Our own estimate refuses such an item first; this is for the case that it is a few bytes off.
fn is_too_large(error: &UpdateItemError) -> bool {
    error.meta().code() == Some("ValidationException")
        && error.meta().message().is_some_and(|message| message.contains("tem size"))
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
