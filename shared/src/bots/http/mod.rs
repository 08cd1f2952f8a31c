//! Hands every message to a Rasa-compatible server, so that an existing Rasa installation gets
//! Patchcord's channels without a line of code.
//!
//! What goes over the wire is that of Rasa's REST channel
//! (<https://rasa.com/docs/rasa/connectors/your-own-website/#restinput>):
//! `POST {url}/webhooks/rest/webhook`. Limits: an answer of 1 MB; words and pressed buttons only,
//! other events are not handed over.

mod bot;
mod config;
mod error;
mod lines;
mod wire;

pub use bot::HttpBot;
pub use config::{HttpBotConfig, SenderForm};
pub use error::{HttpBotError, MAX_ANSWER_BYTES};
