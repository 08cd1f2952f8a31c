//! The platform's own API.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use super::{Outgoing, OutputChannel, SendError, Sent};
use crate::chat::connector::Connector;
use crate::chat::reply::ReplyKind;
use crate::chat::split::TextLimit;
use crate::ground::clock::Clock;
use crate::ground::metrics::{self, Metric};

/// Sends through the platform's own API. A reply to somebody who has blocked the bot or is gone is
/// dropped and counted: nothing that the bot could do would bring it there.
pub struct PlatformOutput {
    connector: Arc<dyn Connector>,
    channel: String,
    service: String,
    clock: Arc<dyn Clock>,
    has_said: AtomicBool,
}

impl PlatformOutput {
    /// The output of the channel `channel`; `service` is a dimension of its metrics.
    pub fn new(
        connector: Arc<dyn Connector>,
        channel: &str,
        service: &str,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (channel, service) = (channel.to_owned(), service.to_owned());
        Self { connector, channel, service, clock, has_said: AtomicBool::new(false) }
    }

    /// Whether anybody can have seen anything yet.
    pub fn has_said(&self) -> bool {
        self.has_said.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl OutputChannel for PlatformOutput {
    fn supports(&self, kind: ReplyKind) -> bool {
        self.connector.supports(kind)
    }

    fn text_limit(&self) -> Option<TextLimit> {
        self.connector.text_limit()
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let sent = self.connector.send(outgoing).await;
        let is_typing = outgoing.reply.kind() == ReplyKind::Typing;
        if !is_typing && (sent.is_ok() || outgoing.taken.load(Ordering::Relaxed) > 0) {
            self.has_said.store(true, Ordering::Relaxed);
        }
        match sent {
            Err(SendError::Unreachable { reason }) => {
                tracing::warn!(channel = self.channel, reason, "a reply is dropped");
                let now = self.clock.now();
                metrics::count(Metric::DroppedReplies, &self.service, &self.channel, now);
                Ok(Sent { is_dropped: true, ..Sent::default() })
            }
            sent => sent,
        }
    }
}
