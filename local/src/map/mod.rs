//! `patchcord map`: what a contact becomes on the other side, field by field, without deploying.
//! The values are shown: this is the user's own terminal.

mod command;
mod config;
mod contact;
mod error;
mod options;
mod report;

pub use command::map;
pub use error::MapError;
pub use options::{MapOptions, To};
