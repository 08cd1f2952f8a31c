//! The stack's tables, and how to create them in any DynamoDB: the embedded one, AWS's DynamoDB
//! Local, or a real one.
//!
//! `template.yaml` describes the same tables; a test compares the two.

mod client;
mod create;

use patchcord::botmatic::integrations::table;
use patchcord::chat::sessions::{KEY_ATTRIBUTE, TTL_ATTRIBUTE};

pub(crate) use client::{DEFAULT_REGION, DUMMY_CREDENTIAL, functions_aws};
pub use client::{client, functions_client};
pub use create::{TableError, create_tables};

/// What a table looks like. Every table is billed on demand and has a TTL attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The variable that tells a function its name.
    pub variable: &'static str,
    /// The partition key, a string.
    pub partition_key: &'static str,
    /// The sort key, a string, if there is one.
    pub sort_key: Option<&'static str>,
    /// The attribute with the time of expiry, in seconds since 1970.
    pub ttl_attribute: &'static str,
}

impl Table {
    /// The variable that gives a function the name of its conversations table.
    pub const CONVERSATIONS_VARIABLE: &'static str = "CONVERSATIONS_TABLE";
    /// The name of the conversations table when the variable is not set.
    pub const CONVERSATIONS: &'static str = "patchcord-conversations";
    /// The variable that gives a function the name of its contacts table.
    pub const CONTACTS_VARIABLE: &'static str = "CONTACTS_TABLE";
    /// The name of the contacts table when the variable is not set.
    pub const CONTACTS: &'static str = "patchcord-contacts";

    /// Sessions: one item each.
    pub fn conversations(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            variable: Self::CONVERSATIONS_VARIABLE,
            partition_key: KEY_ATTRIBUTE,
            sort_key: None,
            ttl_attribute: TTL_ATTRIBUTE,
        }
    }

    /// Integrations, id pairs, claims.
    pub fn contacts(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            variable: Self::CONTACTS_VARIABLE,
            partition_key: table::PARTITION_KEY,
            sort_key: Some(table::SORT_KEY),
            ttl_attribute: table::TTL_ATTRIBUTE,
        }
    }
}

/// The tables of the stack, with names from the environment where it gives any.
pub fn stack_from_env() -> Vec<Table> {
    let name = |variable: &str, default: &str| {
        let name = std::env::var(variable).ok().filter(|name| !name.is_empty());
        name.unwrap_or_else(|| default.to_owned())
    };
    vec![
        Table::conversations(name(Table::CONVERSATIONS_VARIABLE, Table::CONVERSATIONS)),
        Table::contacts(name(Table::CONTACTS_VARIABLE, Table::CONTACTS)),
    ]
}
