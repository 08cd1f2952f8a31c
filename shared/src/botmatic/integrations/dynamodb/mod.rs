//! Integrations in DynamoDB: one item each, and one for its token, by which it is found. Whatever
//! touches both is one transaction. The token and the settings are sealed.

mod item;
mod store;

pub use store::DynamoIntegrations;
