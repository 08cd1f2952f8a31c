//! The client of one queue.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::batches::batches;
use super::error::{Refused, SendMessagesError};
use super::message::{MAX_BYTES, Message};
use crate::ground::aws::error::CallError;
use crate::ground::aws::service::Service;
use crate::ground::random::Random;
use crate::ground::retry::RetryPolicy;

/// What a call did not accept through no fault of ours is sent twice more.
const AGAIN: RetryPolicy = RetryPolicy {
    retries: 2,
    first_pause: Duration::from_millis(50),
    longest_pause: Duration::from_millis(200),
};

/// A standard queue to send to; clones share everything.
///
/// A call whose answer is lost is repeated, so a message may be in the queue twice. Standard queues
/// deliver *at least* once anyway
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html>):
/// who receives has to bear it.
///
/// The MD5 of an answer is not compared with the body's. The signature covers the body's SHA-256
/// and TLS what comes back, so nothing that was changed on the way gets here.
#[derive(Clone)]
pub struct Queue {
    service: Service,
    url: Arc<str>,
    random: Arc<Random>,
}

#[derive(Serialize)]
struct Send<'a> {
    #[serde(rename = "QueueUrl")]
    url: &'a str,
    #[serde(flatten)]
    message: Message<'a>,
}

#[derive(Serialize)]
struct SendBatch<'a, M> {
    #[serde(rename = "QueueUrl")]
    url: &'a str,
    #[serde(rename = "Entries")]
    entries: Vec<Entry<M>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Visibility<'a> {
    #[serde(rename = "QueueUrl")]
    url: &'a str,
    receipt_handle: &'a str,
    #[serde(rename = "VisibilityTimeout")]
    timeout: u64,
}

/// Its id is its position in all that is to be sent.
#[derive(Serialize)]
struct Entry<M> {
    #[serde(rename = "Id")]
    id: String,
    #[serde(flatten)]
    message: M,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "Successful", default)]
    successful: Vec<Accepted>,
    #[serde(rename = "Failed", default)]
    failed: Vec<Failed>,
}

#[derive(Deserialize)]
struct Accepted {
    #[serde(rename = "Id")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Failed {
    id: String,
    code: String,
    sender_fault: bool,
}

/// What was not accepted: which message, and why.
pub(super) type Left = BTreeMap<usize, Refused>;

impl Queue {
    pub(in crate::ground::aws) fn new(service: Service, url: String, random: Arc<Random>) -> Self {
        Self { service, url: url.into(), random }
    }

    /// Sends one message, which is received once `delay` is over (see [`Message::delayed`]).
    pub async fn send(&self, body: &str, delay: Duration) -> Result<(), SendMessagesError> {
        let message = Message::new(body).delayed(delay);
        check(&[message])?;
        let sent = self.service.call("SendMessage", &Send { url: &self.url, message }).await;
        sent.map(|_: IgnoredAny| ()).map_err(|source| SendMessagesError::Call { from: 0, source })
    }

    /// Sends messages, however many, in as few calls as possible, one after the other.
    ///
    /// What SQS did not accept for reasons of its own is sent again, three times in all. A call
    /// that fails as a whole ends it; the error tells what is certain then.
    pub async fn send_all(&self, messages: &[Message<'_>]) -> Result<(), SendMessagesError> {
        check(messages)?;
        let mut refused = Vec::new();
        for batch in batches(messages) {
            let from = batch.start;
            let left = self.send_batch(messages, batch.collect()).await;
            refused.extend(
                left.map_err(|source| SendMessagesError::Call { from, source })?.into_values(),
            );
        }
        if refused.is_empty() {
            return Ok(());
        }
        Err(SendMessagesError::Refused { refused, of: messages.len() })
    }

    /// Its address.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Shows a message that was received again once `pause` is over, counted in whole seconds,
    /// whatever the visibility timeout of the queue.
    pub async fn show_again(&self, receipt_handle: &str, pause: Duration) -> Result<(), CallError> {
        let change = Visibility { url: &self.url, receipt_handle, timeout: pause.as_secs() };
        self.service.tell("ChangeMessageVisibility", &change).await
    }

    /// One call, and what it takes to repeat it for those who were left over.
    pub(super) async fn send_batch<M: Serialize + Copy>(
        &self,
        messages: &[M],
        mut positions: Vec<usize>,
    ) -> Result<Left, CallError> {
        let mut refused = Left::new();
        let mut retries = AGAIN.start();
        loop {
            let left = self.call(messages, &positions).await?;
            let again = left.values().filter(|left| !left.is_final);
            positions = again.map(|left| left.position).collect();
            refused.extend(left);
            if positions.is_empty() {
                return Ok(refused);
            }
            match retries.next_pause(None, Duration::MAX, &self.random) {
                Some(pause) => sleep(pause).await,
                None => return Ok(refused),
            }
            refused.retain(|position, _| !positions.contains(position));
        }
    }

    async fn call<M: Serialize + Copy>(
        &self,
        messages: &[M],
        positions: &[usize],
    ) -> Result<Left, CallError> {
        const OPERATION: &str = "SendMessageBatch";
        let entry = |position: &usize| {
            let message = *messages.get(*position)?;
            Some(Entry { id: position.to_string(), message })
        };
        let entries = positions.iter().filter_map(entry).collect();
        let sent: Sent =
            self.service.call(OPERATION, &SendBatch { url: &self.url, entries }).await?;
        let unreadable = CallError::Unreadable { operation: OPERATION };
        let mut left = Left::new();
        for failed in sent.failed {
            let Ok(position) = failed.id.parse() else { return Err(unreadable) };
            let Failed { code, sender_fault: is_final, .. } = failed;
            left.insert(position, Refused { position, code, is_final });
        }
        // Every message is accounted for, or the answer is not one to this call.
        let accepted = sent.successful.iter().filter_map(|accepted| accepted.id.parse().ok());
        let mut named: Vec<usize> = accepted.chain(left.keys().copied()).collect();
        named.sort_unstable();
        if named == positions { Ok(left) } else { Err(unreadable) }
    }
}

/// Whether SQS takes messages of this size.
fn check(messages: &[Message<'_>]) -> Result<(), SendMessagesError> {
    let sizes = messages.iter().map(Message::bytes).enumerate();
    match sizes.into_iter().find(|(_, bytes)| *bytes > MAX_BYTES) {
        Some((position, bytes)) => Err(SendMessagesError::TooLarge { position, bytes }),
        None => Ok(()),
    }
}
