//! The stack's tables, and how to create them in any DynamoDB: the embedded one, AWS's DynamoDB
//! Local, or a real one.
//!
//! `template.yaml` describes the same tables; a test compares the two.

mod client;
mod create;

use patchcord::chat::sessions::{KEY_ATTRIBUTE, TTL_ATTRIBUTE};

pub(crate) use client::{DEFAULT_REGION, DUMMY_CREDENTIAL};
pub use client::{client, functions_client};
pub use create::{TableError, create_tables};

/// What a table looks like. Every table is billed on demand and has a TTL attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The partition key, a string. No table has a sort key so far.
    pub partition_key: &'static str,
    /// The attribute with the time of expiry, in seconds since 1970.
    pub ttl_attribute: &'static str,
}

impl Table {
    /// The variable that gives a function the name of its conversations table.
    pub const CONVERSATIONS_VARIABLE: &'static str = "CONVERSATIONS_TABLE";
    /// The name of the conversations table when the variable is not set.
    pub const CONVERSATIONS: &'static str = "patchcord-conversations";

    /// Sessions: one item each.
    pub fn conversations(name: impl Into<String>) -> Self {
        Self { name: name.into(), partition_key: KEY_ATTRIBUTE, ttl_attribute: TTL_ATTRIBUTE }
    }
}

/// The tables of the stack, with names from the environment where it gives any.
pub fn stack_from_env() -> Vec<Table> {
    let name = std::env::var(Table::CONVERSATIONS_VARIABLE)
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| Table::CONVERSATIONS.to_owned());
    vec![Table::conversations(name)]
}
