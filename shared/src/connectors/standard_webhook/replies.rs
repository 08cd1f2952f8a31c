//! A reply as webhooks: `{"type", "timestamp", "data"}`, with an object of the REST channel as
//! `data`.

use serde_json::{Value, json};

use crate::chat::{Outgoing, Unsupported};
use crate::connectors::rest::encode;

/// What the event is called.
const TYPE: &str = "message.reply";

/// The bodies, one for each object that the REST channel would answer with.
pub(super) fn bodies(outgoing: &Outgoing<'_>) -> Result<Vec<Value>, Unsupported> {
    let objects = encode(&outgoing.target.room, outgoing.reply)?;
    Ok(objects.into_iter().map(|object| body(outgoing, object)).collect())
}

fn body(outgoing: &Outgoing<'_>, mut data: Value) -> Value {
    if let Some(thread) = &outgoing.target.thread {
        data["thread"] = json!(thread);
    }
    if let Some(id) = outgoing.event.and_then(|event| event.id.as_ref()) {
        data["in_reply_to"] = json!(id);
    }
    json!({ "type": TYPE, "timestamp": outgoing.now.to_rfc3339(), "data": data })
}
