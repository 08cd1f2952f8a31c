//! The installations of the integration, one for each workspace that uses it.

mod id;
pub mod table;

pub use id::{IntegrationId, InvalidIntegrationId};
