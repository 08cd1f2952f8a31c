//! Botmatic: what it sends, and the API it offers.

pub mod integrations;
pub mod settings;

pub use integrations::IntegrationId;
