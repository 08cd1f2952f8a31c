//! What is kept of one integration, and the rules that look at several of its contacts.

use std::collections::HashMap;

use super::super::claim::Lease;
use super::super::contact::{Contact, CreationKey, Known};
use super::super::error::PairError;
use super::super::record::Record;
use super::super::view::View;
use crate::contacts::{BotmaticId, ExternalId, Side};
use crate::ground::clock::Timestamp;

/// What is kept of one integration.
#[derive(Default)]
pub(super) struct Integration {
    pub contacts: HashMap<Contact, Record>,
    /// Who has begun to create what.
    pub creations: HashMap<CreationKey, Contact>,
}

impl Integration {
    /// The record of `contact`, an empty one if there is none.
    pub fn record(&self, contact: &Contact) -> Record {
        self.contacts.get(contact).cloned().unwrap_or_default()
    }

    /// Each of the two with the other, if neither is paired with a third.
    pub fn both(
        &self,
        botmatic: &BotmaticId,
        external: &ExternalId,
        now: Timestamp,
    ) -> Result<[(Contact, Contact); 2], PairError> {
        let botmatic = Contact::Botmatic(botmatic.clone());
        let external = Contact::External(external.clone());
        let both = [(botmatic.clone(), external.clone()), (external, botmatic)];
        for (contact, other) in &both {
            let record = self.record(contact);
            if record.paired_with.is_some() && !record.is_paired_with(other.id()) {
                return Err(record.refusal(contact, other.id(), now));
            }
        }
        Ok(both)
    }

    /// The leased record, if it still is.
    pub fn leased(&mut self, lease: &Lease) -> Result<&mut Record, PairError> {
        let record = self.contacts.get_mut(&lease.contact);
        record.filter(|record| record.is_ours(&lease.owner)).ok_or(PairError::LeaseLost)
    }

    /// Pairs the leased contact with `other`.
    pub fn pair(
        &mut self,
        lease: &Lease,
        other: &Contact,
        key: Option<CreationKey>,
        view: &View,
        now: Timestamp,
    ) -> Result<(), PairError> {
        let (ours, theirs) = (self.record(&lease.contact), self.record(other));
        if ours.is_paired_with(other.id()) && theirs.is_paired_with(lease.contact.id()) {
            return Ok(());
        }
        if !ours.is_ours(&lease.owner) || ours.paired_with.is_some() {
            return Err(ours.refusal(&lease.contact, other.id(), now));
        }
        if theirs.paired_with.is_some() || theirs.is_leased(now) || theirs.is_deleted(now) {
            return Err(theirs.refusal(other, lease.contact.id(), now));
        }
        for (contact, id) in [(&lease.contact, other.id()), (other, lease.contact.id())] {
            let is_botmatic = contact.side() == Side::Botmatic;
            let record = Record {
                paired_with: Some(id.to_owned()),
                view: if is_botmatic { view.clone() } else { View::default() },
                last_owner: Some(lease.owner.clone()),
                ..Record::default()
            };
            self.contacts.insert(contact.clone(), record);
        }
        self.forget(key, &[&lease.contact, other]);
        Ok(())
    }

    /// The end of the note that one of these creates under `key`.
    pub fn forget(&mut self, key: Option<CreationKey>, creators: &[&Contact]) {
        if let Some(key) = key
            && self.creations.get(&key).is_some_and(|it| creators.contains(&it))
        {
            self.creations.remove(&key);
        }
    }

    /// Who else creates under `key`, for one that `contact` waits for.
    pub fn creator(
        &self,
        contact: &Contact,
        key: CreationKey,
        stale: Timestamp,
        now: Timestamp,
    ) -> Option<&Contact> {
        self.creations.get(&key).filter(|creator| {
            let same_side = creator.side() == contact.side();
            *creator != contact && self.record(creator).is_creating(key, same_side, stale, now)
        })
    }

    /// What is known of an external contact.
    pub fn known_outside(&self, external: &ExternalId, now: Timestamp) -> Result<Known, PairError> {
        let contact = Contact::External(external.clone());
        let record = self.record(&contact);
        let Some(id) = record.paired_with else { return record.known(&contact, now) };
        let id = BotmaticId::new(id).map_err(|_| PairError::Corrupt("expected an id"))?;
        let contact = Contact::Botmatic(id);
        let record = self.record(&contact);
        if record.is_paired_with(external.as_str()) {
            record.known(&contact, now)
        } else {
            Err(PairError::Corrupt("expected both directions of a pair to agree"))
        }
    }
}
