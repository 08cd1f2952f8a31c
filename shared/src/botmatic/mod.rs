//! Botmatic: what it sends, and the API it offers.

pub(crate) mod contact;
pub mod integrations;

pub use contact::{BotmaticId, Fields, InvalidId};
pub use integrations::IntegrationId;
