//! The keys of the table in which integrations are kept, with all that belongs to them.

use crate::ground::aws::dynamodb::{Item, text};

/// The table's partition key, a string.
pub const PARTITION_KEY: &str = "pk";
/// The table's sort key, a string.
pub const SORT_KEY: &str = "sk";
/// DynamoDB's time to live, in seconds since the epoch.
pub const TTL_ATTRIBUTE: &str = "expires_at";

/// The key of one item.
pub fn item_key(partition_key: impl Into<String>, sort_key: impl Into<String>) -> Item {
    Item::from([
        (PARTITION_KEY.to_owned(), text(partition_key)),
        (SORT_KEY.to_owned(), text(sort_key)),
    ])
}
