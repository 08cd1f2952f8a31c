//! Botmatic: what it sends, and the API it offers.

pub mod integrations;

pub use integrations::IntegrationId;
