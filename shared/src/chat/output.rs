//! Where replies go: into the response as a whole, into it one by one, or through the platform.

mod collecting;
mod error;
mod platform;
mod speaker;
mod streaming;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::event::{Event, Target};
use super::reply::{Reply, ReplyKind};
use super::split::TextLimit;
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

pub use collecting::CollectingOutput;
pub use error::SendError;
pub use platform::PlatformOutput;
pub use speaker::Speaker;
pub use streaming::{StreamingOutput, line};

/// One reply on its way.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// Where it goes.
    pub target: &'a Target,
    /// What is said.
    pub reply: &'a Reply,
    /// The event it answers; none if nobody asked.
    pub event: Option<&'a Event>,
    /// How many replies to this event were sent before it.
    pub ordinal: u32,
    /// The time there is for it.
    pub remaining: Duration,
    /// When it is sent.
    pub now: Timestamp,
    /// A random token, the same for every attempt.
    pub nonce: &'a str,
    /// How much of the reply the platform has taken, in this attempt and earlier ones.
    pub taken: &'a AtomicUsize,
}

impl Outgoing<'_> {
    /// Makes the calls that the reply has become, one after the other, but for those that the
    /// platform has taken in an earlier attempt, and gives their results. `make` gets a call's
    /// position, the call, and the time there is for it.
    pub async fn in_turn<C, R, F>(
        &self,
        calls: impl IntoIterator<Item = C>,
        make: impl Fn(usize, C, Duration) -> F,
    ) -> Result<Vec<R>, SendError>
    where
        F: Future<Output = Result<R, SendError>>,
    {
        let begun = Instant::now();
        let mut results = Vec::new();
        let taken = self.taken.load(Ordering::Relaxed);
        for (position, call) in calls.into_iter().enumerate().skip(taken) {
            let remaining = self.remaining.saturating_sub(begun.elapsed());
            results.push(make(position, call, remaining).await?);
            self.taken.fetch_add(1, Ordering::Relaxed);
        }
        Ok(results)
    }

    /// A key for receivers that take the same key only once: the same for every attempt, and for
    /// what the bot says in the same place when it is asked the same event again, after a crash
    /// for instance. Where nobody asked, or the event has no id, another one each time something
    /// is said.
    pub fn idempotency_key(&self) -> String {
        let known = self.event.and_then(|event| Some((event, event.id.as_ref()?)));
        match known {
            Some((Event { channel, sender, target, .. }, id)) => {
                // Ids need not differ between conversations.
                let mut text = format!("{channel}\n{}\n{}\n{id}", target.room, sender.id);
                if let Some(thread) = &target.thread {
                    text = format!("{text}\n{thread}");
                }
                format!("{:016x}-{}", Fingerprint::of(&text).to_bits(), self.ordinal)
            }
            None => format!("{}-{}", self.nonce, self.ordinal),
        }
    }
}

/// What the platform says of a message it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The message's id, for editing it, deleting it or reacting to it.
    pub message_id: Option<String>,
    /// Whether it was dropped, because the recipient has blocked the bot or is gone.
    pub is_dropped: bool,
}

impl Sent {
    /// A message that the platform calls `id`.
    pub fn message(id: impl Into<String>) -> Self {
        Self { message_id: Some(id.into()), is_dropped: false }
    }
}

/// Where the replies of one event go.
#[async_trait]
pub trait OutputChannel: Send + Sync {
    /// Whether a reply of this kind can be shown as it is.
    fn supports(&self, kind: ReplyKind) -> bool;

    /// The longest text of one message.
    fn text_limit(&self) -> Option<TextLimit> {
        None
    }

    /// Sends one reply of a supported kind.
    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError>;

    /// Notes that the bot has said something without [`OutputChannel::send`]. Of no consequence
    /// where a bot that has failed is not asked again.
    fn note_said(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::event::{EventKind, Message};

    fn key(change: impl FnOnce(&mut Event), ordinal: u32, nonce: &str) -> String {
        let kind = EventKind::Message(Message::Text("hi".to_owned()));
        let mut event = Event::new("test", "ada", kind, serde_json::Value::Null);
        event.id = Some("1".to_owned());
        change(&mut event);
        let outgoing = Outgoing {
            target: &event.target,
            reply: &Reply::text("hello"),
            event: Some(&event),
            ordinal,
            remaining: Duration::ZERO,
            now: Timestamp::default(),
            nonce,
            taken: &AtomicUsize::default(),
        };
        outgoing.idempotency_key()
    }

    #[test]
    fn the_same_is_said_under_the_same_key_and_nothing_else_is() {
        let first = key(|_| {}, 0, "a");
        assert_eq!(key(|_| {}, 0, "b"), first);
        let changes: [fn(&mut Event); 5] = [
            |event| event.id = Some("2".to_owned()),
            |event| "other".clone_into(&mut event.channel),
            |event| "other".clone_into(&mut event.target.room),
            |event| event.target.thread = Some("other".to_owned()),
            |event| "other".clone_into(&mut event.sender.id),
        ];
        for change in changes {
            assert_ne!(key(change, 0, "a"), first);
        }
        assert_ne!(key(|_| {}, 1, "a"), first);
        let nameless = |nonce| key(|event| event.id = None, 0, nonce);
        assert_ne!(nameless("a"), nameless("b"));
    }
}
