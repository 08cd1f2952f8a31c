//! `patchcord import`: an import in this process, as the function `contact-import` makes it, with its
//! progress in the terminal. Failures are shown with their reasons: this is the user's own terminal.

mod command;
mod error;
mod follow;
mod integration;
mod log;
mod options;
mod screen;
mod setup;
mod source;
mod summary;
mod work;

pub use command::import;
pub use error::ImportError;
pub use options::{ImportMode, ImportOptions};
