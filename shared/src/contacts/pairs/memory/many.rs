//! Many contacts at a time, one after the other.

use super::super::claim::Lease;
use super::super::contact::{Contact, CreationKey};
use super::super::error::PairError;
use super::super::many::{BegunOutside, NewPair, repetitions};
use super::super::view::View;
use super::integration::Integration;
use super::store::MemoryPairs;
use crate::botmatic::IntegrationId;
use crate::contacts::ExternalId;
use crate::ground::clock::Timestamp;

impl MemoryPairs {
    pub(super) fn begin_each(
        &self,
        of: &IntegrationId,
        contacts: &[(ExternalId, CreationKey)],
        owner: &str,
        until: Timestamp,
        stale: Timestamp,
    ) -> Result<Vec<BegunOutside>, PairError> {
        let now = self.clock.now();
        let begin = |integration: &mut Integration, external: &ExternalId, key| {
            let contact = Contact::External(external.clone());
            let record = integration.record(&contact);
            if record.paired_with.is_some() {
                return integration.known_outside(external, now).map(BegunOutside::Known);
            }
            if !record.may_be_begun(owner, key, now) {
                return record.why_not_begun(&contact, now);
            }
            if integration.creator(&contact, key, stale, now).is_some() {
                return Ok(BegunOutside::Busy);
            }
            let record = integration.contacts.entry(contact.clone()).or_default();
            record.lease = Some((owner.to_owned(), until));
            record.begin(now, key, &View::default());
            integration.creations.insert(key, contact.clone());
            let (integration, owner) = (of.clone(), owner.to_owned());
            Ok(BegunOutside::Begun(Lease {
                integration,
                contact,
                owner,
                other: None,
                creation: Some(key),
                sent: View::default(),
            }))
        };
        self.with(of, |integration| {
            let each = contacts.iter().zip(repetitions(contacts));
            each.map(|((external, key), is_repeated)| {
                if is_repeated {
                    return Ok(BegunOutside::Busy);
                }
                begin(integration, external, *key)
            })
            .collect()
        })
    }

    pub(super) fn pair_each(&self, pairs: &[NewPair]) -> Vec<Result<(), PairError>> {
        let now = self.clock.now();
        let pair = |NewPair { lease, botmatic, view }: &NewPair| {
            let other = Contact::Botmatic(botmatic.clone());
            self.with(&lease.integration, |integration| {
                integration.pair(lease, &other, lease.creation, view, now)
            })
        };
        pairs.iter().map(pair).collect()
    }
}
