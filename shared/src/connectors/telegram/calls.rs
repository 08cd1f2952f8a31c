//! One call of a method of the Bot API, as data.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::chat::{SendError, Target};

/// Before the id of a topic that is one person's messages to a channel, in
/// [`Target::thread`]: it needs a parameter of its own.
pub(super) const DIRECT: &str = "dm:";

/// A method with its parameters and the files that are uploaded with it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub method: String,
    pub params: Map<String, Value>,
    pub files: Vec<Upload>,
    /// What is called instead if Telegram cannot get what is at a URL, or the chat has no keyboard.
    pub otherwise: Option<Box<Call>>,
}

/// A file as a part of a form.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Upload {
    /// The part's name: a parameter, or what `attach://` in a parameter refers to.
    pub field: String,
    pub name: String,
    pub mime_type: Option<String>,
    pub bytes: Bytes,
}

impl Call {
    /// A call without parameters.
    pub fn new(method: &str) -> Self {
        let (params, files) = (Map::new(), Vec::new());
        Self { method: method.to_owned(), params, files, otherwise: None }
    }

    /// A call about a chat.
    pub fn to_chat(method: &str, target: &Target) -> Result<Self, SendError> {
        if target.room.is_empty() {
            return Err(refused("there is no chat to send it to"));
        }
        Ok(Self::new(method).with("chat_id", number_or_text(&target.room)))
    }

    /// A call that says something in a chat, or in a topic of it.
    pub fn to(method: &str, target: &Target) -> Result<Self, SendError> {
        let call = Self::to_chat(method, target)?;
        Ok(match topic(target)? {
            Some((name, id)) => call.with(name, id),
            None => call,
        })
    }

    /// A call about a message: one of a chat by its number, or one that was sent by way of inline
    /// mode by its other id.
    pub fn about(method: &str, target: &Target, message_id: &str) -> Result<Self, SendError> {
        match message_id.parse::<i64>() {
            Ok(number) => Ok(Self::to_chat(method, target)?.with("message_id", number)),
            Err(_) => Ok(Self::new(method).with("inline_message_id", message_id)),
        }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same with one more parameter, if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// The parameter that names the topic of a target, and its id.
pub(super) fn topic(target: &Target) -> Result<Option<(&'static str, i64)>, SendError> {
    let Some(thread) = &target.thread else { return Ok(None) };
    let (name, id) = match thread.strip_prefix(DIRECT) {
        Some(id) => ("direct_messages_topic_id", id),
        None => ("message_thread_id", &**thread),
    };
    let id = id.parse().map_err(|_| refused("a topic's id is a number"))?;
    Ok(Some((name, id)))
}

/// A call that is not made.
pub(super) fn refused(reason: impl Into<String>) -> SendError {
    SendError::Refused { reason: reason.into() }
}

/// Ids are numbers, names of channels begin with `@`.
pub(super) fn number_or_text(id: &str) -> Value {
    id.parse::<i64>().map_or_else(|_| json!(id), |number| json!(number))
}
