//! Rasa's REST channel: a message comes in as JSON, and everything the bot says is the response.
//!
//! What goes over the wire is that of Rasa's `RestInput`
//! (<https://rasa.com/docs/rasa/connectors/your-own-website/#restinput>), so its clients work
//! unchanged. Limits: a body of 1 MB; `sender` and the channel's name together
//! [`SessionKey::MAX_BYTES`](crate::chat::sessions::SessionKey::MAX_BYTES).

mod connector;
mod encode;
mod wire;

pub use connector::{ExtractMetadata, RestConfig, RestConnector};
pub(super) use encode::{encode, supports};
pub(super) use wire::id;
