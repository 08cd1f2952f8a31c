//! The store: the rules of one contact, under one lock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::super::claim::{Begun, Claim, ClaimRequest, Claimed, Lease};
use super::super::contact::{Contact, CreationKey, Known};
use super::super::error::PairError;
use super::super::many::{BegunOutside, NewPair};
use super::super::record::{DELETED_FOR, Record};
use super::super::store::{Deletion, PairStore};
use super::super::view::View;
use super::integration::Integration;
use crate::botmatic::IntegrationId;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::clock::{Clock, Deadline, Timestamp};

/// Pairs that live as long as the process.
pub struct MemoryPairs {
    integrations: Mutex<HashMap<IntegrationId, Integration>>,
    pub(super) clock: Arc<dyn Clock>,
}

impl MemoryPairs {
    /// No pairs yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { integrations: Mutex::default(), clock }
    }

    pub(super) fn with<T>(&self, of: &IntegrationId, act: impl FnOnce(&mut Integration) -> T) -> T {
        let mut integrations: MutexGuard<'_, _> =
            self.integrations.lock().unwrap_or_else(PoisonError::into_inner);
        act(integrations.entry(of.clone()).or_default())
    }
}

#[async_trait]
impl PairStore for MemoryPairs {
    async fn save_ids(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError> {
        let now = self.clock.now();
        self.with(integration, |integration| {
            for (contact, other) in integration.both(botmatic, external, now)? {
                let record = integration.contacts.entry(contact).or_default();
                record.paired_with = Some(other.id().to_owned());
                record.deleted_until = None;
            }
            Ok(())
        })
    }

    async fn botmatic_id(
        &self,
        integration: &IntegrationId,
        external: &ExternalId,
    ) -> Result<Option<BotmaticId>, PairError> {
        let contact = Contact::External(external.clone());
        let id = self.with(integration, |integration| integration.record(&contact).paired_with);
        Ok(id.and_then(|id| BotmaticId::new(id).ok()))
    }

    async fn external_id(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
    ) -> Result<Option<ExternalId>, PairError> {
        let contact = Contact::Botmatic(botmatic.clone());
        let id = self.with(integration, |integration| integration.record(&contact).paired_with);
        Ok(id.and_then(|id| ExternalId::new(id).ok()))
    }

    async fn delete_ids(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError> {
        let now = self.clock.now();
        self.with(integration, |integration| {
            for (contact, _) in integration.both(botmatic, external, now)? {
                integration.contacts.remove(&contact);
            }
            Ok(())
        })
    }

    async fn delete_all_ids(
        &self,
        integration: &IntegrationId,
        _: Deadline,
    ) -> Result<Deletion, PairError> {
        self.with(integration, |integration| *integration = Integration::default());
        Ok(Deletion::Finished)
    }

    async fn claim(&self, request: ClaimRequest) -> Result<Claim, PairError> {
        let now = self.clock.now();
        let ClaimRequest { integration: of, contact, owner, until } = request;
        self.with(&of, |integration| {
            let paired_with = integration.record(&contact).paired_with;
            let contact = match (contact, paired_with) {
                (Contact::External(_), Some(id)) => {
                    Contact::Botmatic(BotmaticId::new(id).map_err(|_| PairError::LeaseLost)?)
                }
                (contact, _) => contact,
            };
            let record = integration.contacts.entry(contact.clone()).or_default();
            if !record.is_free_for(&owner, now) {
                return Ok(Claim::Busy);
            }
            record.lease = Some((owner.clone(), until));
            let lease = Lease {
                integration: of.clone(),
                contact: contact.clone(),
                owner,
                other: record.paired_with.clone(),
                creation: record.creating.map(|(_, key)| key),
                sent: record.sent.clone(),
            };
            let known = record.clone().known(&contact, now)?;
            Ok(Claim::Claimed(Box::new(Claimed { lease, known })))
        })
    }

    async fn commit(&self, lease: Lease, view: &View) -> Result<(), PairError> {
        self.with(&lease.integration.clone(), |integration| {
            if integration.record(&lease.contact).last_owner.as_ref() == Some(&lease.owner) {
                return Ok(());
            }
            let record = integration.leased(&lease)?;
            (record.lease, record.last_owner) = (None, Some(lease.owner));
            record.view = view.clone();
            Ok(())
        })
    }

    async fn release(&self, lease: Lease) -> Result<(), PairError> {
        self.with(&lease.integration.clone(), |integration| {
            let Ok(record) = integration.leased(&lease) else { return };
            (record.lease, record.last_owner) = (None, Some(lease.owner));
        });
        Ok(())
    }

    async fn begin_creation(
        &self,
        lease: &mut Lease,
        key: CreationKey,
        sent: &View,
        stale: Timestamp,
    ) -> Result<Begun, PairError> {
        let now = self.clock.now();
        self.with(&lease.integration.clone(), |integration| {
            if let Some(contact) = integration.creator(&lease.contact, key, stale, now) {
                let (contact, record) = (contact.clone(), integration.record(contact));
                let is_live = record.is_leased(now);
                return Ok(Begun::Pending { contact, is_live, sent: record.sent });
            }
            integration.leased(lease)?.begin(now, key, sent);
            integration.forget(lease.creation.replace(key), &[&lease.contact]);
            integration.creations.insert(key, lease.contact.clone());
            Ok(Begun::Begun)
        })
    }

    async fn pair(
        &self,
        lease: &Lease,
        other: &Contact,
        key: CreationKey,
        view: &View,
    ) -> Result<(), PairError> {
        let now = self.clock.now();
        self.with(&lease.integration, |integration| {
            integration.pair(lease, other, Some(key), view, now)
        })
    }

    async fn abandon(&self, lease: Lease) -> Result<(), PairError> {
        self.with(&lease.integration, |integration| {
            if let Ok(record) = integration.leased(&lease) {
                (record.lease, record.last_owner) = (None, Some(lease.owner.clone()));
                (record.creating, record.sent) = (None, View::default());
                integration.forget(lease.creation, &[&lease.contact]);
            }
        });
        Ok(())
    }

    async fn mark_deleted(&self, lease: Lease) -> Result<(), PairError> {
        let until = self.clock.now() + DELETED_FOR;
        self.with(&lease.integration, |integration| {
            if integration.record(&lease.contact).last_owner.as_ref() == Some(&lease.owner) {
                return Ok(());
            }
            integration.leased(&lease)?;
            let other = lease.other_contact()?;
            for contact in [Some(lease.contact.clone()), other].into_iter().flatten() {
                let last_owner = Some(lease.owner.clone());
                let deleted_until = Some(until);
                let record = Record { last_owner, deleted_until, ..Record::default() };
                integration.contacts.insert(contact, record);
            }
            integration.forget(lease.creation, &[&lease.contact]);
            Ok(())
        })
    }

    async fn known_outside(
        &self,
        integration: &IntegrationId,
        externals: &[ExternalId],
    ) -> Result<Vec<Known>, PairError> {
        let now = self.clock.now();
        self.with(integration, |integration| {
            externals.iter().map(|external| integration.known_outside(external, now)).collect()
        })
    }

    async fn begin_creations(
        &self,
        integration: &IntegrationId,
        contacts: &[(ExternalId, CreationKey)],
        owner: &str,
        until: Timestamp,
        stale: Timestamp,
    ) -> Result<Vec<BegunOutside>, PairError> {
        self.begin_each(integration, contacts, owner, until, stale)
    }

    async fn pair_many(&self, pairs: &[NewPair]) -> Result<Vec<Result<(), PairError>>, PairError> {
        Ok(self.pair_each(pairs))
    }

    async fn abandon_many(&self, leases: &[Lease]) -> Result<(), PairError> {
        for lease in leases {
            self.abandon(lease.clone()).await?;
        }
        Ok(())
    }
}
