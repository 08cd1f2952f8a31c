//! A body as an event, by what the configuration says of where things are.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::{Field, Fields, Variables, object, words};
use crate::chat::event::{EventKind, Message, Payload};
use crate::chat::{Event, Received, RequestError, Target};
use crate::connectors::rest::id;
use crate::ground::clock::Timestamp;

/// The platform's name.
pub(super) const PLATFORM: &str = "standard-webhook";

/// The type of the event, as the body calls it: an extension of the event.
///
/// ```
/// # use patchcord::chat::{BotResult, Context};
/// use patchcord::connectors::standard_webhook::WebhookType;
///
/// async fn bot(context: Context) -> BotResult {
///     if let Some(WebhookType(name)) = context.event().extensions.get() {
///         context.send_text(format!("I was told of {name}.")).await?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookType(pub String);

/// How bodies become events.
#[derive(Clone)]
pub(super) struct Mapping {
    pub types: Option<BTreeSet<String>>,
    pub fields: Fields,
}

impl Mapping {
    /// What `body` tells that came as the webhook `webhook_id`.
    pub fn received(&self, body: Value, webhook_id: &str) -> Result<Received, RequestError> {
        let variables = Variables::of(&body);
        let get = |field: &Field| field.get(&variables);
        let fields = &self.fields;
        let name = words(get(&fields.r#type)?);
        if let Some(types) = &self.types
            && !name.as_ref().is_some_and(|name| types.contains(name))
        {
            return Ok(Received::ignored());
        }
        let (text, payload) = (words(get(&fields.text)?), payload(get(&fields.payload)?));
        let kind = match (payload, text, name) {
            (Some(data), title, _) => EventKind::Payload(Payload { data, title }),
            (None, Some(text), _) => EventKind::Message(Message::Text(text)),
            (None, None, Some(name)) if self.types.is_some() => EventKind::Unknown { name },
            _ => return Ok(Received::ignored()),
        };
        let known = |field| id_in(field, &variables);
        let sender = known(&fields.sender)?.ok_or_else(|| expected(&fields.sender))?;
        let (room, thread) = (known(&fields.room)?, known(&fields.thread)?);
        let event_id = known(&fields.id)?;
        let moment = words(get(&fields.timestamp)?);
        let metadata = object(get(&fields.metadata)?);
        let mut event = Event::new(PLATFORM, &sender, kind, body);
        event.id = Some(event_id.unwrap_or_else(|| webhook_id.to_owned()));
        event.target = Target { room: room.unwrap_or(sender), thread };
        event.metadata = metadata;
        event.timestamp =
            moment.and_then(|moment| Timestamp::from_rfc3339(&moment)).unwrap_or_default();
        Ok(event.into())
    }

    /// The type of an event with this body.
    pub fn type_of(&self, body: &Value) -> Option<WebhookType> {
        let value = self.fields.r#type.get(&Variables::of(body)).ok()?;
        words(value).map(WebhookType)
    }
}

/// An id in a body, which is not empty if it is there.
fn id_in(field: &Field, variables: &Variables) -> Result<Option<String>, RequestError> {
    let value = field.get(variables)?;
    let id = id(field.name, Some(&value)).map_err(|_| expected(field))?;
    Ok(id.filter(|id| !id.is_empty()))
}

fn expected(field: &Field) -> RequestError {
    let Field { name, source, .. } = field;
    RequestError::malformed(format!("{name}: expected a text or a number at `{source}`"))
}

/// What a button carries: a text, or any other value as JSON.
fn payload(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}
