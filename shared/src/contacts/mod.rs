//! Keeps the contacts of an external service, a CRM for instance, in step with Botmatic's.

mod fields;
pub mod mapping;
pub mod path;

pub use fields::{BotmaticId, ExternalId, Fields, InvalidId};
