//! The store's contract: the key store's five operations, and the claims of the sync.

use async_trait::async_trait;

use super::view::View;
use crate::botmatic::IntegrationId;
use crate::contacts::Side;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::clock::{Deadline, Timestamp};
use crate::ground::fingerprint::Fingerprint;

/// A contact by its id on the side from which we hear of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// On Botmatic.
    Botmatic(BotmaticId),
    /// On the external service.
    External(ExternalId),
}

impl Contact {
    /// Where it is.
    pub const fn side(&self) -> Side {
        match self {
            Self::Botmatic(_) => Side::Botmatic,
            Self::External(_) => Side::External,
        }
    }

    /// Its id there.
    pub fn id(&self) -> &str {
        match self {
            Self::Botmatic(id) => id.as_str(),
            Self::External(id) => id.as_str(),
        }
    }
}

/// By what a contact that is being created is recognised on the other side: its e-mail address,
/// or all it holds if it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CreationKey(pub Fingerprint);

/// Asks for a contact.
#[derive(Clone, Debug)]
pub struct ClaimRequest {
    /// Of which integration.
    pub integration: IntegrationId,
    /// Which one.
    pub contact: Contact,
    /// A token that no other claim has; 32 characters at most.
    pub owner: String,
    /// When the claim ends if nobody gives it back.
    pub until: Timestamp,
}

/// The answer to a [`ClaimRequest`].
#[derive(Debug)]
pub enum Claim {
    /// The contact is ours until the claim ends.
    Claimed(Box<Claimed>),
    /// Somebody else handles an event of this contact, or of the one it is paired with.
    Busy,
}

/// A contact that is ours for now.
#[derive(Debug)]
pub struct Claimed {
    /// To be handed back.
    pub lease: Lease,
    /// What is known of it.
    pub known: Known,
}

/// What is known of a contact.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Nothing.
    Unknown,
    /// Its creation on the other side was begun at this time, and it is not known how that went.
    Creating {
        /// When.
        since: Timestamp,
    },
    /// It is this one on the other side.
    Paired(Box<Paired>),
    /// It was deleted.
    Deleted,
}

/// A pair and what both sides hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    /// The contact on Botmatic.
    pub botmatic: BotmaticId,
    /// The same on the external service.
    pub external: ExternalId,
    /// What both hold.
    pub view: View,
}

/// The right to change one contact and its pair. Given back by `commit`, `pair`, `bury`, `abandon`
/// or `release`.
#[derive(Clone, Debug)]
pub struct Lease {
    pub(super) integration: IntegrationId,
    /// What is leased: the contact asked for, or if it is paired, Botmatic's of the pair.
    pub(super) contact: Contact,
    pub(super) owner: String,
    /// The contact it is paired with.
    pub(super) other: Option<String>,
    /// The key under which its creation was begun.
    pub(in crate::contacts) creation: Option<CreationKey>,
}

impl Lease {
    /// The contact it is paired with.
    pub(super) fn other_contact(&self) -> Result<Option<Contact>, PairError> {
        let corrupt = |_| PairError::Corrupt("expected an id");
        let Some(id) = self.other.as_deref() else { return Ok(None) };
        Ok(Some(match self.contact.side() {
            Side::Botmatic => Contact::External(ExternalId::new(id).map_err(corrupt)?),
            Side::External => Contact::Botmatic(BotmaticId::new(id).map_err(corrupt)?),
        }))
    }
}

/// The answer to `begin_creation`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It may be created now.
    Begun,
    /// The same contact is being created, or it is not known how that went: somebody has begun to
    /// for `contact`.
    Pending {
        /// For whom.
        contact: Contact,
        /// Whether they are still at it.
        is_live: bool,
    },
}

/// How far a deletion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Everything is gone.
    Finished,
    /// There was no more time; what is left is deleted by the next call.
    Unfinished,
}

/// A store failed, or refused.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// One of the two is paired with another contact already. Nothing was changed.
    #[error("the contact {contact} on {side} is paired with another one")]
    Conflict {
        /// Where the contact is that has a pair.
        side: Side,
        /// Its id.
        contact: String,
    },
    /// One of the two was deleted while the pair was made. Nothing was changed.
    #[error("the contact {contact} on {side} was deleted meanwhile")]
    Deleted {
        /// Where it was.
        side: Side,
        /// Its id.
        contact: String,
    },
    /// Somebody else has one of the two now. Nothing was changed.
    #[error("the contact was taken over before it was saved")]
    LeaseLost,
    /// What is stored is not what this version writes.
    #[error("the stored pair is not readable: {0}")]
    Corrupt(&'static str),
    /// The store could not be reached, or answered with an error.
    #[error("the store of pairs did not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl PairError {
    /// Whether the same call may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::LeaseLost)
    }
}

/// Keeps pairs. Every implementation passes [`contract`](super::contract).
#[async_trait]
pub trait PairStore: Send + Sync + 'static {
    /// Saves a pair, both directions or neither. The same pair again is fine; another one for
    /// either id is a [`PairError::Conflict`]. What was deleted before may come back.
    async fn save_ids(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError>;

    /// The contact on Botmatic that is paired with `external`.
    async fn botmatic_id(
        &self,
        integration: &IntegrationId,
        external: &ExternalId,
    ) -> Result<Option<BotmaticId>, PairError>;

    /// The external contact that is paired with `botmatic`.
    async fn external_id(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
    ) -> Result<Option<ExternalId>, PairError>;

    /// Deletes a pair, both directions or neither. One that is not there is fine; if either id is
    /// paired with another contact, that is a [`PairError::Conflict`].
    async fn delete_ids(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError>;

    /// Deletes everything of an integration, page by page, until all is gone or `until` comes.
    async fn delete_all_ids(
        &self,
        integration: &IntegrationId,
        until: Deadline,
    ) -> Result<Deletion, PairError>;

    /// Takes a contact, unless somebody else has it, and says what is known of it.
    async fn claim(&self, request: ClaimRequest) -> Result<Claim, PairError>;

    /// Gives a paired contact back and saves what both sides hold, on condition that it is ours.
    async fn commit(&self, lease: Lease, view: &View) -> Result<(), PairError>;

    /// Gives a contact back as it was. That it is not ours any more is fine.
    async fn release(&self, lease: Lease) -> Result<(), PairError>;

    /// Notes that the leased contact is about to be created on the other side, unless one with the
    /// same key is. Until `pair` or `abandon` its creation is [`Known::Creating`]. A contact of the
    /// same side that nobody is at, and whose creation was begun before `stale`, is not waited for.
    async fn begin_creation(
        &self,
        lease: &mut Lease,
        key: CreationKey,
        stale: Timestamp,
    ) -> Result<Begun, PairError>;

    /// Gives the leased contact back, paired with `other`, which is on the other side; the note of
    /// its creation, or of the other's, goes with the same transaction.
    async fn pair(
        &self,
        lease: &Lease,
        other: &Contact,
        key: CreationKey,
        view: &View,
    ) -> Result<(), PairError>;

    /// Gives the leased contact back; its creation has not taken place.
    async fn abandon(&self, lease: Lease) -> Result<(), PairError>;

    /// Gives the leased contact back as deleted, with its pair if it has one. For a day an event
    /// that was late is told from a new contact: it finds [`Known::Deleted`].
    async fn bury(&self, lease: Lease) -> Result<(), PairError>;
}
