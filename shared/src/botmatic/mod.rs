//! Botmatic: what it sends, and the API it offers.

pub mod api;
pub(crate) mod contact;
pub mod endpoint;
pub mod integrations;
mod recent;
pub mod settings;

pub use api::{ApiError, BotmaticApi};
pub use contact::{BotmaticId, Fields, InvalidId};
pub use integrations::IntegrationId;
