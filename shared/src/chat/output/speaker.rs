//! Says something: what a platform cannot show is rendered as something that it can, what is too
//! long is cut, and what did not get through is repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use super::{Outgoing, OutputChannel, SendError, Sent};
use crate::chat::event::{Event, Target};
use crate::chat::reply::Reply;
use crate::chat::{fallback, split};
use crate::ground::clock::{Clock, Deadline};
use crate::ground::random::Random;
use crate::ground::retry::RetryPolicy;

/// How a reply that did not get through is repeated. A platform that asks for a longer pause gets
/// it, as long as there is time.
const AGAIN: RetryPolicy = RetryPolicy {
    retries: 3,
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(2),
};

/// Says things in one place until a deadline.
pub struct Speaker {
    output: Arc<dyn OutputChannel>,
    clock: Arc<dyn Clock>,
    deadline: Deadline,
    said: AtomicU32,
    nonce: String,
}

impl Speaker {
    /// Speaks through `output` until `deadline`.
    pub fn new(output: Arc<dyn OutputChannel>, clock: Arc<dyn Clock>, deadline: Deadline) -> Self {
        let nonce = Random::from_entropy().token();
        Self { output, clock, deadline, said: AtomicU32::new(0), nonce }
    }

    /// What is left of the time.
    pub fn remaining(&self) -> Duration {
        self.deadline.remaining(self.clock.now())
    }

    /// The place it speaks in.
    pub fn output(&self) -> &dyn OutputChannel {
        self.output.as_ref()
    }

    /// Says `reply` at `target`, in answer to `event`. What the platform took is not said again;
    /// an answer of the platform that gets lost is, so what is said arrives *at least* once. The
    /// result is that of the last message it became.
    pub async fn say(
        &self,
        event: Option<&Event>,
        target: &Target,
        reply: Reply,
    ) -> Result<Sent, SendError> {
        let mut sent = Sent::default();
        for rendered in fallback::render(reply, &|kind| self.output.supports(kind))? {
            for piece in split::pieces(rendered, self.output.text_limit()) {
                let taken = AtomicUsize::new(0);
                sent = self.send(self.outgoing(event, target, &piece, &taken)).await?;
            }
        }
        Ok(sent)
    }

    /// Says `reply`, which is of a supported kind and not too long, without trying again.
    pub async fn attempt(
        &self,
        event: Option<&Event>,
        target: &Target,
        reply: &Reply,
    ) -> Result<Sent, SendError> {
        let taken = AtomicUsize::new(0);
        self.output.send(&self.outgoing(event, target, reply, &taken)).await
    }

    fn outgoing<'a>(
        &'a self,
        event: Option<&'a Event>,
        target: &'a Target,
        reply: &'a Reply,
        taken: &'a AtomicUsize,
    ) -> Outgoing<'a> {
        let ordinal = self.said.fetch_add(1, Ordering::Relaxed);
        let (remaining, now, nonce) = (self.remaining(), self.clock.now(), self.nonce.as_str());
        Outgoing { target, reply, event, ordinal, remaining, now, nonce, taken }
    }

    async fn send(&self, outgoing: Outgoing<'_>) -> Result<Sent, SendError> {
        let mut retries = AGAIN.start();
        loop {
            let (remaining, now) = (self.remaining(), self.clock.now());
            let outgoing = Outgoing { remaining, now, ..outgoing };
            let error = match self.output.send(&outgoing).await {
                Err(error) if error.is_retryable() => error,
                sent => return sent,
            };
            let wanted = match error {
                SendError::RateLimited { retry_after } => Some(retry_after),
                _ => None,
            };
            let random = Random::from_entropy();
            let Some(pause) = retries.next_pause(wanted, self.remaining(), &random) else {
                return Err(error);
            };
            sleep(pause).await;
        }
    }
}
