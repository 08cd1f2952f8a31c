//! The response line by line, while the bot speaks.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::{CollectingOutput, Outgoing, OutputChannel, SendError, Sent};
use crate::chat::reply::ReplyKind;

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

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        for object in self.collected.collect(outgoing)? {
            let _ = self.lines.send(line(&object));
        }
        Ok(Sent::default())
    }
}

/// An object as a line of the streamed response.
pub fn line(object: &Value) -> Bytes {
    Bytes::from(format!("{object}\n"))
}
