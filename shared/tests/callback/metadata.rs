//! Metadata for the bot from a field of the caller's own.

use patchcord::chat::{RequestError, WebhookRequest};
use patchcord::connectors::callback::CallbackConnector;
use serde_json::{Map, Value};

/// Which page somebody writes from.
fn page(_: &WebhookRequest, body: &Value) -> Result<Map<String, Value>, RequestError> {
    let page = body.get("page").ok_or_else(|| RequestError::malformed("page: expected a path"))?;
    Ok(Map::from_iter([("page".to_owned(), page.clone())]))
}

/// The channel, with that as its metadata.
pub fn with_page(channel: CallbackConnector) -> CallbackConnector {
    channel.with_metadata(page)
}
