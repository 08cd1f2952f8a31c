//! What the operations are given. What is missing is told by name, so nothing is required of JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::queue::QueueError;

/// Of any operation on a queue.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfQueue {
    pub queue_url: Option<String>,
}

impl OfQueue {
    /// The name of the queue. On AWS, too, a queue without a URL does not exist.
    pub fn name(&self) -> Result<&str, QueueError> {
        let url = self.queue_url.as_deref().ok_or(QueueError::QueueDoesNotExist)?;
        Ok(url.rsplit('/').next().unwrap_or_default())
    }
}

/// Of a message that is sent, alone or in a batch.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToSend {
    pub message_body: Option<String>,
    pub delay_seconds: Option<i64>,
    #[serde(default)]
    pub message_attributes: BTreeMap<String, Value>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

/// An entry of a batch.
#[derive(Deserialize)]
pub(super) struct Entry<T> {
    #[serde(rename = "Id", default)]
    pub id: String,
    #[serde(flatten)]
    pub content: T,
}

/// A batch.
#[derive(Deserialize)]
pub(super) struct Batch<T> {
    #[serde(rename = "Entries", default = "Vec::new")]
    pub entries: Vec<Entry<T>>,
}

/// Of `ReceiveMessage`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToReceive {
    pub max_number_of_messages: Option<i64>,
    pub visibility_timeout: Option<i64>,
    pub wait_time_seconds: Option<i64>,
    #[serde(default)]
    pub message_attribute_names: Vec<String>,
    #[serde(default)]
    pub message_system_attribute_names: Vec<String>,
    /// The older name of the same.
    #[serde(default)]
    pub attribute_names: Vec<String>,
}

/// Of what is done to a message that was received.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfMessage {
    pub receipt_handle: Option<String>,
    pub visibility_timeout: Option<i64>,
}

impl OfMessage {
    pub fn handle(&self) -> Result<&str, QueueError> {
        self.receipt_handle.as_deref().ok_or(QueueError::MissingParameter("ReceiptHandle"))
    }
}

/// Of `CreateQueue` and `GetQueueUrl`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    pub queue_name: Option<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// Of `GetQueueAttributes`.
#[derive(Deserialize)]
pub(super) struct ToShow {
    #[serde(rename = "AttributeNames", default)]
    pub names: Vec<String>,
}

/// Reads a body, or a part of it.
pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, QueueError> {
    let place = |error: &serde_json::Error| (error.line(), error.column());
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = place(&error);
        QueueError::Malformed(format!("line {line}, column {column}"))
    })
}
