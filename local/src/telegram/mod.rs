//! `patchcord telegram`: tells Telegram where the updates of a channel go, and shows what it knows.

mod command;
mod config;
mod error;
mod options;

pub use command::telegram;
pub use error::TelegramError;
pub use options::{Action, TelegramOptions};
