//! The function `botmatic`: Botmatic's events and actions, the settings page, and what the
//! external service tells of its contacts, and imports.

mod config;
mod events;
mod function;
mod imports;
mod pushes;
mod reply;
mod routes;
mod settings;
mod setup;

pub use config::{BotmaticConfig, ContactsConfig, Extensions};
pub use function::{Botmatic, BotmaticParts};
pub use setup::{BotmaticSetup, Database};
