//! Keeps the contacts of an external service, a CRM for instance, in step with Botmatic's.

pub mod consumer;
mod fields;
pub mod mapping;
pub mod pairs;
pub mod path;
pub mod push;
mod side;

pub use fields::{BotmaticId, ExternalId, Fields, InvalidId};
pub use side::Side;
