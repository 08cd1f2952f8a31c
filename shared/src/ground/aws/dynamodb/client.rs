//! The operations that are used, with conditions that failed told from errors.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::request::{Action, Query, Write};
use super::value::Item;
use crate::ground::aws::error::CallError;
use crate::ground::aws::service::Service;

const CONDITION_FAILED: &str = "ConditionalCheckFailedException";
/// Why a write of a transaction was not made
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>).
const FAILED_REASON: &str = "ConditionalCheckFailed";
const NO_REASON: &str = "None";

/// A client of DynamoDB; clones share everything.
#[derive(Clone)]
pub struct DynamoDb(pub(super) Service);

/// What became of a conditional write.
#[derive(Debug)]
pub enum WriteOutcome {
    /// It was made; this is the item as it was before, if that was asked for.
    Done(Option<Item>),
    /// The condition was false; this is the item as it is, if that was asked for.
    Refused(Option<Item>),
}

/// What became of a transaction.
#[derive(Debug)]
pub enum Transaction {
    /// Every write was made.
    Done,
    /// None was made. What became of the conditions, write by write.
    Refused(Vec<Condition>),
}

/// What became of the condition of one write.
#[derive(Debug, PartialEq)]
pub enum Condition {
    /// It was true, or there is none.
    Held,
    /// Nobody knows: something else was in the way of the write, such as another transaction on the
    /// item.
    Unknown,
    /// It was false; this is the item as it is, if that was asked for.
    Failed(Option<Item>),
}

/// A page of items.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    /// The items.
    #[serde(default)]
    pub items: Vec<Item>,
    /// The key after which the next page begins; none after the last one.
    pub last_evaluated_key: Option<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Transact<'a> {
    transact_items: &'a [Action<'a>],
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "Attributes")]
    attributes: Option<Item>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "Item")]
    item: Option<Item>,
}

impl DynamoDb {
    pub(in crate::ground::aws) fn new(service: Service) -> Self {
        Self(service)
    }

    /// `UpdateItem`.
    pub async fn update(&self, write: &Write<'_>) -> Result<WriteOutcome, CallError> {
        self.write("UpdateItem", write).await
    }

    /// `DeleteItem`. Without a condition it is fine that there is nothing to delete.
    pub async fn delete(&self, write: &Write<'_>) -> Result<WriteOutcome, CallError> {
        self.write("DeleteItem", write).await
    }

    async fn write(
        &self,
        operation: &'static str,
        it: &Write<'_>,
    ) -> Result<WriteOutcome, CallError> {
        match self.0.call::<Written>(operation, it).await {
            Ok(written) => Ok(WriteOutcome::Done(written.attributes)),
            Err(CallError::Refused { refusal, .. }) if refusal.code == CONDITION_FAILED => {
                Ok(WriteOutcome::Refused(refusal.item))
            }
            Err(error) => Err(error),
        }
    }

    /// `GetItem`.
    pub async fn get(&self, query: &Query<'_>) -> Result<Option<Item>, CallError> {
        self.0.call::<Found>("GetItem", query).await.map(|found| found.item)
    }

    /// `Query`, one page.
    pub async fn query(&self, query: &Query<'_>) -> Result<Page, CallError> {
        self.0.call("Query", query).await
    }

    /// `TransactWriteItems`: all of the writes, 100 at most, or none.
    pub async fn transact(&self, actions: &[Action<'_>]) -> Result<Transaction, CallError> {
        let input = Transact { transact_items: actions };
        match self.0.call::<IgnoredAny>("TransactWriteItems", &input).await {
            Ok(_) => Ok(Transaction::Done),
            Err(CallError::Refused { refusal, .. })
                if refusal.reasons.iter().any(|reason| reason.code == FAILED_REASON) =>
            {
                let reasons = refusal.reasons.into_iter();
                let refused = reasons.map(|reason| match reason.code.as_str() {
                    FAILED_REASON => Condition::Failed(reason.item),
                    NO_REASON => Condition::Held,
                    _ => Condition::Unknown,
                });
                Ok(Transaction::Refused(refused.collect()))
            }
            Err(error) => Err(error),
        }
    }

    /// `Scan`, one page.
    pub async fn scan(&self, query: &Query<'_>) -> Result<Page, CallError> {
        self.0.call("Scan", query).await
    }
}
