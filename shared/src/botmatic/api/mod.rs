//! Botmatic's API: contacts, properties, campaign events and bots.
//!
//! Every call says with whose token it is made and until when its answer is of use. One that can
//! be repeated is, while there is time; one that makes something only if it has certainly not been
//! carried out.

mod answer;
mod bots;
mod bulk;
mod call;
mod client;
mod contacts;
mod error;
mod properties;
mod reason;
mod token;

pub use bulk::ItemError;
pub use client::{BotmaticApi, DEFAULT_BASE_URL};
pub use error::ApiError;
pub use properties::{Property, PropertyType};
pub use reason::Reason;
