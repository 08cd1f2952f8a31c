//! The bot's turn, and after it: what it leaves behind is saved, or the event may come again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::Value;
use tokio::time::timeout;

use super::begin::{Prepared, Turn};
use super::time::{time_for_bot, within};
use super::{DispatchError, Dispatcher};
use crate::chat::bot::BotError;
use crate::chat::context::{Context, ContextParts};
use crate::chat::output::OutputChannel;
use crate::chat::sessions::{Answer, Commit, Failure, Lease, StoreError};
use crate::ground::clock::Deadline;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::metrics::Metric;
use crate::ground::telemetry::Chain;

/// A bot that did not finish.
#[derive(Debug)]
pub struct Failed {
    /// The way in which it failed.
    pub failure: Failure,
    /// The bot's error.
    pub error: BotError,
}

/// What becomes of an event whose bot has failed.
#[derive(Debug)]
pub enum AfterFailure {
    /// It counts as answered with what the bot said before it failed.
    CountAsAnswered,
    /// The session is as it was before, and the event may come again.
    Retry {
        /// Not before this is over.
        retry_after: Option<Duration>,
    },
}

impl Dispatcher {
    /// Lets the bot answer, and saves what it leaves behind, unless `after_failure` says that a
    /// failed bot is to be asked again. `answer` gives the encoded replies to remember, none where a
    /// repeated event needs no answer.
    pub async fn finish(
        &self,
        turn: Turn,
        output: Arc<dyn OutputChannel>,
        after_failure: impl FnOnce(&Failed) -> AfterFailure,
        answer: impl FnOnce() -> Option<Vec<Value>>,
    ) -> Result<Option<Failure>, DispatchError> {
        let Turn { event, connector, claimed, deadline } = turn;
        let fingerprint = event.id.as_deref().map(Fingerprint::of);
        let (channel, event_id) = (event.channel.clone(), event.id.clone());
        let time_for_bot = time_for_bot(deadline.remaining(self.clock.now()));
        let context = connector.create_context(ContextParts {
            event,
            session: claimed.as_ref().map(|claimed| claimed.session.clone()),
            initial_state: self.bot.initial_state(),
            connector: Arc::clone(&connector),
            output,
            clock: Arc::clone(&self.clock),
            deadline: Deadline::after(time_for_bot, self.clock.now()),
        });
        let failed = self.run(context.clone(), time_for_bot).await;
        let mut failure = None;
        if let Some(failed) = failed {
            self.report(failed.failure, failed.error.as_ref(), &channel, event_id.as_deref());
            if let AfterFailure::Retry { retry_after } = after_failure(&failed) {
                if let Some(Prepared { session, lease, .. }) = &claimed {
                    self.release(&session.key, lease, deadline).await;
                }
                return Err(DispatchError::BotFailed { failure: failed.failure, retry_after });
            }
            failure = Some(failed.failure);
        }
        let answer = answer().map(|replies| Answer { replies, failure });
        let Some(Prepared { mut session, saved, lease }) = claimed else { return Ok(failure) };

        if failure.is_none() {
            session.state = Some(context.state_now());
        }
        let expires_in = self.settings.session_lifetime;
        let mut commit = Commit { session, event: fingerprint, answer, expires_in };
        match self.save(&lease, &commit, deadline).await {
            Err(error @ StoreError::TooLarge { .. }) => {
                failure = Some(Failure::StateTooLarge);
                self.report(Failure::StateTooLarge, &error, &channel, event_id.as_deref());
                commit.session = saved;
                commit.answer = commit.answer.map(|answer| Answer { failure, ..answer });
                self.save(&lease, &commit, deadline).await?;
            }
            result => result?,
        }
        Ok(failure)
    }

    /// Lets the bot answer; one that panics or takes too long has failed.
    async fn run(&self, context: Context, patience: Duration) -> Option<Failed> {
        let run = AssertUnwindSafe(self.bot.handle(context)).catch_unwind();
        let (failure, error) = match timeout(patience, run).await {
            Ok(Ok(Ok(()))) => return None,
            Ok(Ok(Err(error))) => (Failure::BotFailed, error),
            Ok(Err(_)) => (Failure::BotFailed, BotError::from("the bot panicked")),
            Err(_) => (Failure::TimedOut, BotError::from("the bot took too long")),
        };
        Some(Failed { failure, error })
    }

    fn report(
        &self,
        failure: Failure,
        error: &(dyn std::error::Error + 'static),
        channel: &str,
        event_id: Option<&str>,
    ) {
        let failure = failure.as_str();
        let error = Chain(error);
        tracing::error!(channel, event.id = event_id, failure, %error, "bot did not finish");
        self.count(Metric::BotErrors, channel, 1);
    }

    async fn save(
        &self,
        lease: &Lease,
        commit: &Commit,
        deadline: Deadline,
    ) -> Result<(), StoreError> {
        within(self.time_for_store(deadline), self.sessions.commit(lease, commit)).await
    }
}
