//! Where replies go: into the response as a whole, into it one by one, or through the platform.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::connector::Connector;
use super::event::Target;
use super::fallback::Unsupported;
use super::reply::{Reply, ReplyKind};

/// What the platform says of a message it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The message's id, for editing it, deleting it or reacting to it.
    pub message_id: Option<String>,
}

/// A reply did not reach the platform.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The platform cannot show it, and nothing can stand in for it.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The platform asks to slow down.
    #[error("the platform asks to wait for {retry_after:?}")]
    RateLimited {
        /// For how long.
        retry_after: Duration,
    },
    /// It will never succeed: the recipient has blocked the bot or is gone.
    #[error("the recipient cannot be reached: {reason}")]
    Unreachable {
        /// The platform's code for why.
        reason: String,
    },
    /// It did not succeed this time.
    #[error("the platform could not be reached")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SendError {
    /// Whether sending the same again may succeed.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Failed(_))
    }
}

/// Where the replies of one event go.
#[async_trait]
pub trait OutputChannel: Send + Sync {
    /// Whether a reply of this kind can be shown as it is.
    fn supports(&self, kind: ReplyKind) -> bool;

    /// Sends one reply of a supported kind.
    async fn send(&self, target: &Target, reply: &Reply) -> Result<Sent, SendError>;
}

/// Collects what is said, encoded by the connector, for the response.
pub struct CollectingOutput {
    connector: Arc<dyn Connector>,
    said: Mutex<Vec<Value>>,
}

impl CollectingOutput {
    /// With nothing said yet.
    pub fn new(connector: Arc<dyn Connector>) -> Self {
        Self { connector, said: Mutex::default() }
    }

    /// Everything said so far, in order.
    pub fn said(&self) -> Vec<Value> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn collect(&self, target: &Target, reply: &Reply) -> Vec<Value> {
        let encoded = self.connector.encode(target, reply);
        self.said.lock().unwrap_or_else(PoisonError::into_inner).extend(encoded.iter().cloned());
        encoded
    }
}

#[async_trait]
impl OutputChannel for CollectingOutput {
    fn supports(&self, kind: ReplyKind) -> bool {
        self.connector.supports(kind)
    }

    async fn send(&self, target: &Target, reply: &Reply) -> Result<Sent, SendError> {
        self.collect(target, reply);
        Ok(Sent::default())
    }
}

/// Writes each reply into the response the moment it is said: one JSON object on each line.
///
/// A reader that has gone does not stop the bot; what it says is still collected and remembered.
pub struct StreamingOutput {
    collected: Arc<CollectingOutput>,
    lines: UnboundedSender<Bytes>,
}

impl StreamingOutput {
    /// Writes to `lines`, and into `collected` as well.
    pub fn new(collected: Arc<CollectingOutput>, lines: UnboundedSender<Bytes>) -> Self {
        Self { collected, lines }
    }
}

#[async_trait]
impl OutputChannel for StreamingOutput {
    fn supports(&self, kind: ReplyKind) -> bool {
        self.collected.supports(kind)
    }

    async fn send(&self, target: &Target, reply: &Reply) -> Result<Sent, SendError> {
        for object in self.collected.collect(target, reply) {
            let _ = self.lines.send(line(&object));
        }
        Ok(Sent::default())
    }
}

/// An object as a line of the streamed response.
pub fn line(object: &Value) -> Bytes {
    Bytes::from(format!("{object}\n"))
}

/// Sends through the platform's own API.
pub struct PlatformOutput(pub Arc<dyn Connector>);

#[async_trait]
impl OutputChannel for PlatformOutput {
    fn supports(&self, kind: ReplyKind) -> bool {
        self.0.supports(kind)
    }

    async fn send(&self, target: &Target, reply: &Reply) -> Result<Sent, SendError> {
        self.0.send(target, reply).await
    }
}
