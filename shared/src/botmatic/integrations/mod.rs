//! The installations of the integration, one for each workspace that uses it: a stable id, and a
//! token and settings that may change.

mod cache;
pub mod contract;
mod digest;
mod dynamodb;
mod id;
mod integration;
mod memory;
mod store;
pub mod table;

pub use cache::TokenCache;
pub use digest::TokenDigest;
pub use dynamodb::DynamoIntegrations;
pub use id::{IntegrationId, InvalidIntegrationId};
pub use integration::{Integration, State};
pub use memory::MemoryIntegrations;
pub use store::{IntegrationError, IntegrationStore};
