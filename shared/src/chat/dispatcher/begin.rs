//! Before the bot: the event's session is claimed, and the connector prepares it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::timeout;

use super::claim::ClaimedOrSeen;
use super::time::time_for_bot;
use super::{DispatchError, Dispatcher};
use crate::chat::connector::{Connector, ConnectorError};
use crate::chat::event::Event;
use crate::chat::sessions::{Answer, ClaimRequest, Claimed, Lease, Session, SessionKey};
use crate::ground::clock::{CLOCK_SKEW, Deadline};
use crate::ground::fingerprint::Fingerprint;

/// An event that would leave its bot less than this is not begun: it may come again.
const SHORTEST_BOT: Duration = Duration::from_millis(500);

/// An event after its session was asked for.
pub enum Begun {
    /// The bot can answer it.
    Ready(Box<Turn>),
    /// It was answered before; with the answer if that is still remembered.
    Seen(Option<Answer>),
}

/// One event with its session claimed: to be finished, or given up.
pub struct Turn {
    pub(super) event: Event,
    pub(super) connector: Arc<dyn Connector>,
    pub(super) claimed: Option<Prepared>,
    pub(super) deadline: Deadline,
}

/// A session that is ours.
pub(super) struct Prepared {
    /// As the connector has prepared it.
    pub(super) session: Session,
    /// As it was saved last.
    pub(super) saved: Session,
    pub(super) lease: Lease,
}

impl Dispatcher {
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
            ClaimedOrSeen::Claimed(claimed) => claimed,
            ClaimedOrSeen::Seen(answer) => return Ok(Begun::Seen(answer)),
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
