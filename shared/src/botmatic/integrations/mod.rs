//! The installations of the integration, one for each workspace that uses it.

mod digest;
mod id;
mod integration;
mod store;
pub mod table;

pub use id::{IntegrationId, InvalidIntegrationId};
pub use integration::{Integration, State};
pub use store::{IntegrationError, IntegrationStore};
