//! A contact that is asked for, and the right to change it.

use super::contact::{Contact, CreationKey, Known};
use super::error::PairError;
use super::view::View;
use crate::botmatic::IntegrationId;
use crate::contacts::{BotmaticId, ExternalId, Side};
use crate::ground::clock::Timestamp;

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

/// The right to change one contact and its pair. Given back by `commit`, `pair`, `mark_deleted`,
/// `abandon` or `release`.
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
    /// What was sent when it was claimed and its creation had been begun before; see [`Begun`].
    pub(in crate::contacts) sent: View,
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
#[derive(Clone, Debug, PartialEq)]
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
        /// What both hold if the creation has taken place and neither was changed since; empty
        /// where nobody knows what was sent.
        sent: View,
    },
}
