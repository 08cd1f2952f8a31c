//! Anything that signs its requests as Standard Webhooks: what the bot says goes to a configured
//! URL, signed in the same way.
//!
//! Rules: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
//! (version 1.0.0), symmetric keys. The specification leaves open what a body looks like, so the
//! configuration says where things are in it. Limits: a body of 1 MB; a conversation's id and the
//! channel's name together
//! [`SessionKey::MAX_BYTES`](crate::chat::sessions::SessionKey::MAX_BYTES).

mod config;
mod connector;
mod events;
mod fields;
mod replies;
#[cfg(test)]
mod tests;

pub use config::StandardWebhookConfig;
pub use connector::StandardWebhookConnector;
pub use events::WebhookType;
pub use fields::FieldsConfig;
