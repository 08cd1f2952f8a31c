//! The platform's own API.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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

    /// Whether somebody may have seen something.
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
        let is_typing = outgoing.reply.kind() == ReplyKind::Typing;
        let sent = {
            let _noting = (!is_typing).then(|| NotePart { output: self, taken: outgoing.taken });
            self.connector.send(outgoing).await
        };
        if !is_typing && sent.is_ok() {
            self.note_said();
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

    fn note_said(&self) {
        self.has_said.store(true, Ordering::Relaxed);
    }
}

/// Notes at its end that a part of a reply was taken, also if the bot's time is over before the
/// rest is.
struct NotePart<'a> {
    output: &'a PlatformOutput,
    taken: &'a AtomicUsize,
}

impl Drop for NotePart<'_> {
    fn drop(&mut self) {
        if self.taken.load(Ordering::Relaxed) > 0 {
            self.output.note_said();
        }
    }
}
