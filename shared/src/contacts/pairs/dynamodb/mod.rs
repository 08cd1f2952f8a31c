//! Pairs in DynamoDB: one item for each contact of each side, and one for each creation that is
//! under way.
//!
//! The items of one integration are spread over a fixed number of partitions by a hash of the id,
//! so that an import is not bound by what one partition takes (1,000 writes a second), and
//! everything of an integration is found without reading the table.

mod creation;
mod deletion;
mod item;
mod key_store;
mod lease;
mod many;
mod pairing;
mod store;

pub use store::DynamoPairs;
