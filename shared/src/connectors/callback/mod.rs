//! Rasa's callback channel: a message comes in as it does on the REST channel and is answered
//! `success`; what the bot says is posted to a URL.
//!
//! What goes over the wire is that of Rasa's `CallbackInput`
//! (<https://rasa.com/docs/rasa/connectors/your-own-website/#callbackinput>). Limits are those of
//! the [REST channel](super::rest). Every object is posted at least once; its `webhook-id` tells
//! the receiver whether it has come before.

mod connector;

pub use connector::{CallbackConfig, CallbackConnector};
