//! Joins connector, session, bot and output: claim, run, commit.

mod claim;
mod error;
mod platform;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::Value;
use tokio::time::timeout;

use claim::Waited;
pub use error::DispatchError;
pub use platform::{OnFailure, Outcome};

use super::bot::{Bot, BotError};
use super::connector::{Connector, ConnectorError};
use super::context::ContextParts;
use super::event::Event;
use super::output::OutputChannel;
use super::sessions::{
    Answer, ClaimRequest, Claimed, Commit, Failure, Lease, Session, SessionKey, SessionStore,
    StoreError,
};
use crate::ground::clock::{Clock, Deadline};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::metrics::{self, Metric};
use crate::ground::random::Random;
use crate::ground::telemetry::Chain;

/// Leases end this much after the invocation, because clocks differ a little between machines.
const CLOCK_SKEW: Duration = Duration::from_secs(1);

/// An event that would leave its bot less than this is not begun: it may come again.
const SHORTEST_BOT: Duration = Duration::from_millis(500);
/// Kept back from calls of the store.
const TIME_TO_ANSWER: Duration = Duration::from_millis(50);

/// Answers events with a bot, one at a time for each session.
pub struct Dispatcher {
    bot: Arc<dyn Bot>,
    sessions: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
    random: Random,
    settings: DispatchSettings,
}

/// What can be set about dispatching.
#[derive(Clone, Debug)]
pub struct DispatchSettings {
    /// The function's name, a dimension of its metrics.
    pub service: String,
    /// How long a session is kept after its last event; none keeps it for ever.
    pub session_lifetime: Option<Duration>,
}

/// An event after its session was asked for.
pub enum Begun {
    /// The bot can answer it.
    Ready(Box<Turn>),
    /// It was answered before; with the answer if that is still remembered.
    Seen(Option<Answer>),
}

/// A bot that did not finish.
#[derive(Debug)]
pub struct Failed {
    /// In which way.
    pub failure: Failure,
    /// Why.
    pub error: BotError,
}

/// What becomes of an event after its bot.
#[derive(Debug)]
pub enum Ending {
    /// It was answered, and counts as seen; with the encoded replies to remember, none where a
    /// repeated event needs no answer.
    Answered(Option<Vec<Value>>),
    /// Where the bot has failed: the session is as it was before, and the event may come again.
    Again {
        /// Not before this is over.
        retry_after: Option<Duration>,
    },
}

/// One event with its session claimed: to be finished, or given up.
pub struct Turn {
    event: Event,
    connector: Arc<dyn Connector>,
    claimed: Option<Prepared>,
    deadline: Deadline,
}

/// A session that is ours.
struct Prepared {
    /// As the connector has prepared it.
    session: Session,
    /// As it was saved last.
    saved: Session,
    lease: Lease,
}

impl Dispatcher {
    /// A dispatcher for `bot`.
    pub fn new(
        bot: Arc<dyn Bot>,
        sessions: Arc<dyn SessionStore>,
        clock: Arc<dyn Clock>,
        random: Random,
        settings: DispatchSettings,
    ) -> Self {
        Self { bot, sessions, clock, random, settings }
    }

    /// Claims the event's session, waiting for it while somebody else has it, and lets the
    /// connector prepare it.
    pub async fn begin(
        &self,
        event: Event,
        connector: Arc<dyn Connector>,
        deadline: Deadline,
    ) -> Result<Begun, DispatchError> {
        if time_for_bot(deadline.remaining(self.clock.now())) < SHORTEST_BOT {
            return Err(DispatchError::NoTime);
        }
        let Some(key) = connector.session_key(&event) else {
            return Ok(Begun::Ready(Box::new(Turn { event, connector, claimed: None, deadline })));
        };
        let key = SessionKey::new(&event.channel, &key).ok_or(DispatchError::KeyTooLong)?;
        let until = deadline.timestamp() + CLOCK_SKEW;
        let request = ClaimRequest {
            key: key.clone(),
            event: event.id.as_deref().map(Fingerprint::of),
            owner: self.random.token(),
            until,
            expires: self.settings.session_lifetime.map(|lifetime| until + lifetime),
        };
        let claimed = match self.claim(request, &event.channel, deadline).await? {
            Waited::Claimed(claimed) => claimed,
            Waited::Seen(answer) => return Ok(Begun::Seen(answer)),
        };
        let Claimed { session: saved, lease } = *claimed;
        let mut session = saved.clone();
        let patience = deadline.remaining(self.clock.now()) / 2;
        if let Err(error) = prepare(connector.as_ref(), &mut session, &event, patience).await {
            self.release(&key, &lease, deadline).await;
            return Err(error.into());
        }
        let left = deadline.remaining(self.clock.now());
        if time_for_bot(left) < SHORTEST_BOT {
            self.release(&key, &lease, deadline).await;
            return Err(DispatchError::NoTime);
        }
        let claimed = Some(Prepared { session, saved, lease });
        Ok(Begun::Ready(Box::new(Turn { event, connector, claimed, deadline })))
    }

    /// Lets the bot answer, and saves what it leaves behind, unless `ending` says that a failed
    /// bot is to be asked again.
    pub async fn finish(
        &self,
        turn: Turn,
        output: Arc<dyn OutputChannel>,
        ending: impl FnOnce(Option<&Failed>) -> Ending,
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
        let run = AssertUnwindSafe(self.bot.handle(context.clone())).catch_unwind();
        let result = match timeout(time_for_bot, run).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(error))) => Err((Failure::BotFailed, error)),
            Ok(Err(_)) => Err((Failure::BotFailed, BotError::from("the bot panicked"))),
            Err(_) => Err((Failure::TimedOut, BotError::from("the bot took too long"))),
        };
        let failed = result.err().map(|(failure, error)| Failed { failure, error });
        if let Some(Failed { failure, error }) = &failed {
            self.report(*failure, error.as_ref(), &channel, event_id.as_deref());
        }
        let mut failure = failed.as_ref().map(|failed| failed.failure);
        let answer = match (ending(failed.as_ref()), failure) {
            (Ending::Again { retry_after }, Some(failure)) => {
                if let Some(Prepared { session, lease, .. }) = &claimed {
                    self.release(&session.key, lease, deadline).await;
                }
                return Err(DispatchError::BotFailed { failure, retry_after });
            }
            (Ending::Again { .. }, None) => None,
            (Ending::Answered(replies), _) => replies.map(|replies| Answer { replies, failure }),
        };
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

    async fn save(
        &self,
        lease: &Lease,
        commit: &Commit,
        deadline: Deadline,
    ) -> Result<(), StoreError> {
        within(self.time_for_store(deadline), self.sessions.commit(lease, commit)).await
    }

    /// Frees a session as it was. If that fails, the lease ends by itself.
    async fn release(&self, key: &SessionKey, lease: &Lease, deadline: Deadline) {
        let release = within(self.time_for_store(deadline), self.sessions.release(key, lease));
        if let Err(error) = release.await {
            tracing::warn!(error = %Chain(&error), "session not freed");
        }
    }

    /// What is left, but for the moment that an answer takes to be sent.
    fn time_for_store(&self, deadline: Deadline) -> Duration {
        deadline.remaining(self.clock.now()).saturating_sub(TIME_TO_ANSWER)
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

    /// Counts what has happened so many times on a channel.
    pub fn count(&self, metric: Metric, channel: &str, times: u64) {
        metrics::measure(&[(metric, times)], &self.settings.service, channel, self.clock.now());
    }
}

/// Lets the connector prepare the session, within half of the time there is; a hook that panics or
/// takes too long has failed.
async fn prepare(
    connector: &dyn Connector,
    session: &mut Session,
    event: &Event,
    patience: Duration,
) -> Result<(), ConnectorError> {
    let failed =
        |what: &str, retryable| ConnectorError { what: what.to_owned(), retryable, source: None };
    let update = AssertUnwindSafe(connector.update_session(session, event)).catch_unwind();
    match timeout(patience, update).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(failed("update_session panicked", false)),
        Err(_) => Err(failed("update_session took too long", true)),
    }
}

/// A call of the store that ends before the function does.
async fn within<T>(
    remaining: Duration,
    call: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(remaining, call)
        .await
        .unwrap_or_else(|elapsed| Err(StoreError::Unavailable(elapsed.into())))
}

/// What a bot has of the time that remains: a tenth, of 0.1 to 2 s, is kept back for saving the
/// session and sending the response.
fn time_for_bot(remaining: Duration) -> Duration {
    let reserve = (remaining / 10).clamp(Duration::from_millis(100), Duration::from_secs(2));
    remaining.saturating_sub(reserve)
}
