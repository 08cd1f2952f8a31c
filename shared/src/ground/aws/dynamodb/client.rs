//! The operations that are used, with conditions that failed told from errors.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::request::{Query, Write};
use super::value::Item;
use crate::ground::aws::error::CallError;
use crate::ground::aws::service::Service;

const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// A client of DynamoDB; clones share everything.
#[derive(Clone)]
pub struct DynamoDb(Service);

/// What became of a conditional write.
#[derive(Debug)]
pub enum Outcome {
    /// It was made; this is the item as it was before, if that was asked for.
    Done(Option<Item>),
    /// The condition was false; this is the item as it is, if that was asked for.
    Refused(Option<Item>),
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
    pub async fn update(&self, write: &Write<'_>) -> Result<Outcome, CallError> {
        match self.0.call::<Written>("UpdateItem", write).await {
            Ok(written) => Ok(Outcome::Done(written.attributes)),
            Err(CallError::Refused { refusal, .. }) if refusal.code == CONDITION_FAILED => {
                let found: Found = serde_json::from_slice(&refusal.body)
                    .map_err(|_| CallError::Unreadable { operation: "UpdateItem" })?;
                Ok(Outcome::Refused(found.item))
            }
            Err(error) => Err(error),
        }
    }

    /// `DeleteItem`, without a condition: that there is nothing to delete is fine.
    pub async fn delete(&self, write: &Write<'_>) -> Result<(), CallError> {
        self.0.call::<IgnoredAny>("DeleteItem", write).await.map(|_| ())
    }

    /// `GetItem`.
    pub async fn get(&self, query: &Query<'_>) -> Result<Option<Item>, CallError> {
        self.0.call::<Found>("GetItem", query).await.map(|found| found.item)
    }

    /// `Scan`, one page.
    pub async fn scan(&self, query: &Query<'_>) -> Result<Page, CallError> {
        self.0.call("Scan", query).await
    }
}
