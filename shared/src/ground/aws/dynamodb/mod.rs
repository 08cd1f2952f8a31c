//! DynamoDB's JSON: attribute values, the operations that are used, and their answers.
//!
//! API: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>

mod batch;
mod client;
mod put;
mod request;
mod value;

pub use client::{Condition, DynamoDb, Page, Transaction, WriteOutcome};
pub use request::{Action, Query, Write};
pub use value::{AttributeValue, Item, number, text};
