//! Keeps the contacts of an external service, a CRM for instance, in step with Botmatic's.

pub mod consumer;
mod id;
pub mod import;
pub mod installation;
mod limiter;
pub mod mapping;
pub mod pairs;
pub mod path;
pub mod push;
mod side;
pub mod sync;

pub use crate::botmatic::{BotmaticId, Fields, InvalidId};
pub use id::ExternalId;
pub use side::Side;

/// A contact with more fields than this is a mistake, if not an attack.
pub const MAX_FIELDS: usize = 2_000;
