//! The store's contract: the key store's five operations, the claims of the sync, and the import's
//! many contacts at a time.

use async_trait::async_trait;

use super::claim::{Begun, Claim, ClaimRequest, Lease};
use super::contact::{Contact, CreationKey, Known};
use super::error::PairError;
use super::many::{BegunOutside, NewPair};
use super::view::View;
use crate::botmatic::IntegrationId;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::clock::{Deadline, Timestamp};

/// How far a deletion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Everything is gone.
    Finished,
    /// There was no more time; what is left is deleted by the next call.
    Unfinished,
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

    /// Notes that the leased contact is about to be created on the other side, and what both hold
    /// then, unless one with the same key is. Until `pair` or `abandon` its creation is
    /// [`Known::Creating`]. A creation that nobody is at, and that was begun before `stale`, is in
    /// nobody's way; but if it was begun on the other side and the key is an address, it is told of
    /// for ever.
    async fn begin_creation(
        &self,
        lease: &mut Lease,
        key: CreationKey,
        sent: &View,
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
    async fn mark_deleted(&self, lease: Lease) -> Result<(), PairError>;

    /// What is known of each of these, in their order; read only. A pair is told even while
    /// somebody has it. One whose two directions do not agree is [`PairError::Corrupt`].
    async fn known_outside(
        &self,
        integration: &IntegrationId,
        externals: &[ExternalId],
    ) -> Result<Vec<Known>, PairError>;

    /// `claim` and `begin_creation` for each of these contacts, of which nothing is known yet; the
    /// answers are in their order. Each is on its own: a contact that is refused stops no other. A
    /// contact, or a key, that comes a second time is [`BegunOutside::Busy`] there. `owner`,
    /// `until` and `stale` are as there; the same call again finds what it has begun. What is sent is
    /// not noted: a transaction of many contacts with all their fields would be too large.
    ///
    /// After an error some may have been begun: the same call tells which.
    async fn begin_creations(
        &self,
        integration: &IntegrationId,
        contacts: &[(ExternalId, CreationKey)],
        owner: &str,
        until: Timestamp,
        stale: Timestamp,
    ) -> Result<Vec<BegunOutside>, PairError>;

    /// `pair` for each of these; the answers are in their order. Each is on its own: a pair that is
    /// refused stops no other. After an error some may have been saved, and the same call goes on.
    async fn pair_many(&self, pairs: &[NewPair]) -> Result<Vec<Result<(), PairError>>, PairError>;

    /// `abandon` for each of these.
    ///
    /// There is none of `release`: a creation that is in doubt stays noted when its lease ends.
    async fn abandon_many(&self, leases: &[Lease]) -> Result<(), PairError>;
}
