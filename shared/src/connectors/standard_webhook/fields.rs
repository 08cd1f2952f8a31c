//! Where things are in a body: an expression for each of them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::chat::RequestError;
use crate::ground::config::{ConfigError, Place};
use crate::ground::expression::Expression;

/// What an expression may read.
const VARIABLES: [&str; 2] = ["body", "data"];

/// Where things are in a body, as expressions of `body`, which is all of it, and `data`, which is
/// its field `data` if that is an object, and otherwise all of it as well: the specification has
/// both forms. Unless set otherwise, the names are those of the REST channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldsConfig {
    /// The type of the event.
    pub r#type: String,
    /// When it happened, as RFC 3339 writes it.
    pub timestamp: String,
    /// The event's id. Where there is none, and unless set otherwise, it is the `webhook-id`.
    pub id: String,
    /// Who caused it.
    pub sender: String,
    /// The conversation. Where there is none, it is the sender's own.
    pub room: String,
    /// A thread or topic in it.
    pub thread: String,
    /// What was said.
    pub text: String,
    /// The value of a button that was pressed.
    pub payload: String,
    /// An object for the bot.
    pub metadata: String,
}

impl Default for FieldsConfig {
    fn default() -> Self {
        let of = |name: &str| format!("data.{name}");
        Self {
            r#type: "body.type".to_owned(),
            timestamp: "body.timestamp".to_owned(),
            id: "none".to_owned(),
            sender: of("sender"),
            room: of("room"),
            thread: of("thread"),
            text: of("message"),
            payload: of("payload"),
            metadata: of("metadata"),
        }
    }
}

/// The expressions, compiled.
#[derive(Clone)]
pub(super) struct Fields {
    pub r#type: Field,
    pub timestamp: Field,
    pub id: Field,
    pub sender: Field,
    pub room: Field,
    pub thread: Field,
    pub text: Field,
    pub payload: Field,
    pub metadata: Field,
}

/// The expression of one of them.
#[derive(Clone)]
pub(super) struct Field {
    pub name: &'static str,
    pub source: String,
    expression: Expression,
}

/// A body, as expressions see it.
pub(super) struct Variables(Value);

impl Fields {
    /// Understands the section at `place`.
    pub fn compile(config: FieldsConfig, place: &Place) -> Result<Self, ConfigError> {
        let field = |name, source| Field::compile(name, source, &place.key(name));
        Ok(Self {
            r#type: field("type", config.r#type)?,
            timestamp: field("timestamp", config.timestamp)?,
            id: field("id", config.id)?,
            sender: field("sender", config.sender)?,
            room: field("room", config.room)?,
            thread: field("thread", config.thread)?,
            text: field("text", config.text)?,
            payload: field("payload", config.payload)?,
            metadata: field("metadata", config.metadata)?,
        })
    }
}

impl Field {
    fn compile(name: &'static str, source: String, place: &Place) -> Result<Self, ConfigError> {
        let expression = Expression::compile(&source).map_err(|error| place.error(error))?;
        let is_known = |variable: &String| {
            let first = variable.split('.').next().unwrap_or_default();
            VARIABLES.contains(&first)
        };
        if !expression.variables().iter().all(is_known) {
            return Err(place.expected("an expression of `body` and `data`: `data.user.id`"));
        }
        Ok(Self { name, source, expression })
    }

    /// What is there in a body; null if nothing is.
    pub fn get(&self, variables: &Variables) -> Result<Value, RequestError> {
        let value = self.expression.eval(&variables.0);
        value.map_err(|error| RequestError::malformed(format!("{}: {error}", self.name)))
    }
}

impl Variables {
    pub fn of(body: &Value) -> Self {
        let data = body.get("data").filter(|data| data.is_object()).unwrap_or(body);
        Self(json!({ "body": body, "data": data }))
    }
}

/// An object; an empty one of anything else.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The words of a text, a number's digits; none of anything else.
pub(super) fn words(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
