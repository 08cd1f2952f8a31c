//! What is stored of one contact, and what both stores read from it.

use std::time::Duration;

use super::contact::{Contact, CreationKey, Known, Paired};
use super::error::PairError;
use super::many::BegunOutside;
use super::view::View;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::clock::Timestamp;

/// How long a deleted contact is remembered; events are late by minutes.
pub(super) const DELETED_FOR: Duration = Duration::from_hours(24);

/// One contact. Of a pair, Botmatic's has the view.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// The id on the other side.
    pub paired_with: Option<String>,
    pub view: View,
    /// Who has it, and until when.
    pub lease: Option<(String, Timestamp)>,
    /// Who gave it back last.
    pub last_owner: Option<String>,
    /// Since when it is being created on the other side, and under which key.
    pub creating: Option<(Timestamp, CreationKey)>,
    /// What both hold if it was; empty where that was not noted.
    pub sent: View,
    /// Until when it is remembered as deleted.
    pub deleted_until: Option<Timestamp>,
}

impl Record {
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.lease.as_ref().is_some_and(|(_, until)| *until > now)
    }

    pub fn is_ours(&self, owner: &str) -> bool {
        self.lease.as_ref().is_some_and(|(holder, _)| holder == owner)
    }

    /// Whether `owner` may take it.
    pub fn is_free_for(&self, owner: &str, now: Timestamp) -> bool {
        let is_late = self.last_owner.as_deref() == Some(owner);
        (!self.is_leased(now) || self.is_ours(owner)) && !is_late
    }

    pub fn is_deleted(&self, now: Timestamp) -> bool {
        self.deleted_until.is_some_and(|until| until > now)
    }

    /// Whether this is the record of somebody who creates under `key`, as seen by a contact of
    /// the same side or of the other one. A creation that nobody is at, and that was begun before
    /// `stale`, counts no more, but for a contact of the other side that has the same address.
    pub fn is_creating(
        &self,
        key: CreationKey,
        same_side: bool,
        stale: Timestamp,
        now: Timestamp,
    ) -> bool {
        let Some((since, _)) = self.creating.filter(|(_, theirs)| *theirs == key) else {
            return false;
        };
        self.is_leased(now) || since > stale || !same_side && key.is_address()
    }

    /// Notes that it is being created since `now`, and what was sent.
    pub fn begin(&mut self, now: Timestamp, key: CreationKey, sent: &View) {
        self.creating = Some((now, key));
        self.sent = sent.clone();
        self.deleted_until = None;
    }

    /// Whether `owner` may take it, of which nothing is known, to create it under `key`; or has done
    /// so before.
    pub fn may_be_begun(&self, owner: &str, key: CreationKey, now: Timestamp) -> bool {
        let is_begun = self.is_ours(owner) && self.creating.is_some_and(|(_, ours)| ours == key);
        let is_new = self.creating.is_none() && !self.is_deleted(now);
        self.paired_with.is_none() && (is_begun || is_new && self.is_free_for(owner, now))
    }

    /// Why `contact`, whose record this is, was not begun. The pair it may have is the other's to
    /// tell.
    pub fn why_not_begun(
        self,
        contact: &Contact,
        now: Timestamp,
    ) -> Result<BegunOutside, PairError> {
        if self.paired_with.is_none() && self.is_leased(now) {
            return Ok(BegunOutside::Busy);
        }
        Ok(match self.known(contact, now)? {
            // Given back, but for an attempt that was late.
            Known::Unknown => BegunOutside::Busy,
            known => BegunOutside::Known(known),
        })
    }

    pub fn is_paired_with(&self, id: &str) -> bool {
        self.paired_with.as_deref() == Some(id)
    }

    /// What is known of `contact`, whose record this is.
    pub fn known(self, contact: &Contact, now: Timestamp) -> Result<Known, PairError> {
        let is_deleted = self.is_deleted(now);
        let corrupt = |_| PairError::Corrupt("expected an id");
        Ok(match (self.paired_with, self.creating, contact) {
            (Some(other), _, Contact::Botmatic(botmatic)) => {
                let external = ExternalId::new(other).map_err(corrupt)?;
                let botmatic = botmatic.clone();
                Known::Paired(Box::new(Paired { botmatic, external, view: self.view }))
            }
            (Some(other), _, Contact::External(external)) => {
                let botmatic = BotmaticId::new(other).map_err(corrupt)?;
                let external = external.clone();
                Known::Paired(Box::new(Paired { botmatic, external, view: self.view }))
            }
            // Also of one that was deleted before: then it is being restored.
            (None, Some((since, _)), _) => Known::Creating { since },
            (None, None, _) if is_deleted => Known::Deleted,
            (None, None, _) => Known::Unknown,
        })
    }

    /// Why `contact`, whose record this is, cannot be paired with the one that has this id.
    pub fn refusal(&self, contact: &Contact, id: &str, now: Timestamp) -> PairError {
        let (side, name) = (contact.side(), contact.id().to_owned());
        if self.paired_with.is_some() && !self.is_paired_with(id) {
            PairError::Conflict { side, contact: name }
        } else if self.is_deleted(now) {
            PairError::Deleted { side, contact: name }
        } else {
            PairError::LeaseLost
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_contact_that_is_being_created_is_not_taken_for_deleted() {
        let now = Timestamp::from_millis(1_000);
        let contact = Contact::External(ExternalId::new("c-1").unwrap());
        let deleted = Record { deleted_until: Some(now + DELETED_FOR), ..Record::default() };
        let creating = Some((now, CreationKey::of_address("ada@example.com")));
        let restored = Record { creating, ..deleted.clone() };
        assert!(matches!(deleted.known(&contact, now), Ok(Known::Deleted)));
        assert!(matches!(restored.known(&contact, now), Ok(Known::Creating { .. })));
    }
}
