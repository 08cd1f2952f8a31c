//! Telegram's Bot API, by webhook (<https://core.telegram.org/bots/api>).
//!
//! Limits: texts of 4,096 characters, captions of 1,024, payloads of 64 bytes; files of 50 MB up
//! (pictures 10 MB) and 20 MB down; about one message a second in a chat, 20 a minute in a group, 30
//! a second in all (<https://core.telegram.org/bots/faq#broadcasting-to-users>). Sending is at least
//! once: the API has nothing by which it knows a repeated message.

mod bot;
mod calls;
mod changes;
mod client;
mod config;
mod connector;
mod content;
mod context;
mod errors;
mod events;
pub mod extras;
mod media;
mod replies;
#[cfg(test)]
mod tests;
mod updates;
mod webhook;
mod wire;

pub use connector::TelegramConnector;
pub use context::TelegramContext;
pub use updates::UpdateKind;
pub use webhook::WebhookInfo;
