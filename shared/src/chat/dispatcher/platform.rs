//! Events whose replies go through the platform's own API: one at a time, from claim to commit.

use std::error::Error;
use std::iter::successors;
use std::sync::Arc;
use std::time::Duration;

use super::time::time_for_bot;
use super::{AfterFailure, Begun, DispatchError, Dispatcher, Failed};
use crate::chat::connector::Connector;
use crate::chat::event::Event;
use crate::chat::output::{PlatformOutput, SendError, Speaker};
use crate::chat::sessions::Failure;
use crate::ground::clock::Deadline;

/// What becomes of an event whose bot fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// It counts as answered: whoever sent it would repeat it without end.
    CountAsAnswered,
    /// It may come again, unless the bot has said something before, or would fail each time
    /// because the platform does not take what it says: whoever sends it knows when to stop.
    Retry,
}

impl Dispatcher {
    /// Answers an event through its platform.
    pub async fn answer(
        &self,
        event: Event,
        connector: &Arc<dyn Connector>,
        deadline: Deadline,
        on_failure: OnFailure,
    ) -> Result<Outcome, DispatchError> {
        let channel = event.channel.clone();
        let turn = match self.begin(event, Arc::clone(connector), deadline).await? {
            Begun::Ready(turn) => *turn,
            Begun::Seen(_) => return Ok(Outcome::AlreadyAnswered),
        };
        let output = Arc::new(self.output(connector, &channel));
        let after_failure = |failed: &Failed| {
            if on_failure == OnFailure::Retry && is_worth_retrying(failed, &output) {
                AfterFailure::Retry { retry_after: wanted_pause(failed) }
            } else {
                AfterFailure::CountAsAnswered
            }
        };
        let failure = self.finish(turn, output.clone(), after_failure, || None).await?;
        Ok(Outcome::Answered(failure))
    }

    /// What speaks on the channel `channel` without having been asked.
    pub fn speaker(
        &self,
        connector: &Arc<dyn Connector>,
        channel: &str,
        deadline: Deadline,
    ) -> Speaker {
        let output = Arc::new(self.output(connector, channel));
        // As for a bot: the rest is for the answer.
        let now = self.clock.now();
        let deadline = Deadline::after(time_for_bot(deadline.remaining(now)), now);
        Speaker::new(output, Arc::clone(&self.clock), deadline)
    }

    fn output(&self, connector: &Arc<dyn Connector>, channel: &str) -> PlatformOutput {
        let (connector, clock) = (Arc::clone(connector), Arc::clone(&self.clock));
        PlatformOutput::new(connector, channel, &self.settings.service, clock)
    }
}

/// When an event was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Before: it has come again.
    AlreadyAnswered,
    /// Now; and how the bot failed, if it did.
    Answered(Option<Failure>),
}

fn is_worth_retrying(failed: &Failed, output: &PlatformOutput) -> bool {
    let is_final = send_errors(failed).any(|error| !error.is_transient());
    !is_final && !output.has_said()
}

/// How long the platform wants to be left alone.
fn wanted_pause(failed: &Failed) -> Option<Duration> {
    send_errors(failed).find_map(|error| match error {
        SendError::RateLimited { retry_after } => Some(*retry_after),
        _ => None,
    })
}

fn send_errors(failed: &Failed) -> impl Iterator<Item = &SendError> {
    let error: &(dyn Error + 'static) = failed.error.as_ref();
    successors(Some(error), |error| (*error).source()).filter_map(|error| error.downcast_ref())
}
