//! The store's contract: claim, commit, read, list, destroy.

use std::time::Duration;

use async_trait::async_trait;

use super::record::Record;
use super::session::{Answer, Session, SessionKey};
use crate::ground::clock::{Clock, Timestamp};
use crate::ground::fingerprint::Fingerprint;

/// Asks for a session.
#[derive(Clone, Debug)]
pub struct ClaimRequest {
    /// The conversation.
    pub key: SessionKey,
    /// The event to answer; none for an event that carries no id and so cannot be recognised.
    pub event: Option<Fingerprint>,
    /// A token that no other claim has.
    pub owner: String,
    /// When the lease ends if nobody commits.
    pub until: Timestamp,
    /// When a session that is claimed for the first time is forgotten if nobody ever commits.
    pub expires: Option<Timestamp>,
}

/// The answer to a [`ClaimRequest`].
#[derive(Debug)]
pub enum Claim {
    /// The session is ours until the lease ends.
    Claimed(Box<Claimed>),
    /// The event was answered before; with the answer if it is still remembered.
    Seen(Option<Answer>),
    /// Somebody else is answering an event of this session.
    Busy {
        /// When their lease ends at the latest.
        until: Timestamp,
    },
}

/// A session that is ours for now.
#[derive(Debug)]
pub struct Claimed {
    /// The session as it was saved last; new if it never was, or has expired.
    pub session: Session,
    /// To be handed back with the commit.
    pub lease: Lease,
}

/// The right to save a session once.
#[derive(Debug)]
pub struct Lease {
    pub(super) owner: String,
    pub(super) record: Record,
}

/// What to save.
#[derive(Debug)]
pub struct Commit {
    /// The session with its new state and data.
    pub session: Session,
    /// The event to remember as answered; none for one that carries no id.
    pub event: Option<Fingerprint>,
    /// What was answered, where a repeated event gets the same answer.
    pub answer: Option<Answer>,
    /// How long the session is kept if nothing else happens; none keeps it for ever.
    pub expires_in: Option<Duration>,
}

/// One page of sessions.
#[derive(Debug, Default)]
pub struct Page {
    /// The sessions, in no particular order.
    pub sessions: Vec<Session>,
    /// Where the next page starts; none after the last one.
    pub next: Option<SessionKey>,
}

/// A store failed, or refused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The session is larger than the store can keep. The one saved before stays.
    #[error("the session takes {bytes} bytes; {limit} can be stored")]
    TooLarge {
        /// What it takes, about.
        bytes: usize,
        /// What fits.
        limit: usize,
    },
    /// The lease ended and somebody else took the session, or it was destroyed. Nothing was saved.
    #[error("the session was taken over or destroyed before it was saved")]
    LeaseLost,
    /// What is stored is not what this version writes.
    #[error("the stored session is not readable: {0}")]
    Corrupt(&'static str),
    /// The store could not be reached, or answered with an error.
    #[error("the session store did not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::LeaseLost)
    }
}

/// Keeps sessions. Every implementation passes [`contract`](super::contract).
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// Takes the session, in one round trip, on condition that no unexpired lease is on it and
    /// that the event is not among those it remembers; a session that has expired remembers none.
    /// Claiming again with the same `owner` gives the same claim, so that a request whose answer got
    /// lost can be repeated.
    async fn claim(&self, request: ClaimRequest) -> Result<Claim, StoreError>;

    /// Saves the session and frees it, in one round trip, on condition that the lease is still
    /// ours; repeating it after it succeeded succeeds again. On an error nothing is saved, and the
    /// lease is still there for another commit.
    async fn commit(&self, lease: &Lease, commit: &Commit) -> Result<(), StoreError>;

    /// Frees the session as it was before the claim, so that a retry can have it at once. If the
    /// lease is no longer ours, nothing happens.
    async fn release(&self, key: &SessionKey, lease: &Lease) -> Result<(), StoreError>;

    /// The session as it was saved last; none if it never was or has expired.
    async fn read(&self, key: &SessionKey) -> Result<Option<Session>, StoreError>;

    /// The sessions that have not expired, `limit` at most, from the page that starts at `from`.
    async fn all(&self, from: Option<&SessionKey>, limit: u16) -> Result<Page, StoreError>;

    /// Forgets the session, also while somebody holds it: their commit then fails.
    async fn destroy(&self, key: &SessionKey) -> Result<(), StoreError>;

    /// The clock by which leases end and sessions expire.
    fn clock(&self) -> &dyn Clock;
}
