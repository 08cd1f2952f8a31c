//! Giving many contacts back: paired, or without a creation.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::super::creation::is_anothers_note;
use super::super::pairing::{PAIR, check_refused};
use super::super::store::DynamoPairs;
use super::write::{CONCURRENCY, Written};
use crate::contacts::pairs::{Contact, Lease, NewPair, PairError};

impl DynamoPairs {
    pub(in super::super) async fn pair_each(
        &self,
        pairs: &[NewPair],
    ) -> Result<Vec<Result<(), PairError>>, PairError> {
        let others = pairs.iter().map(|it| Contact::Botmatic(it.botmatic.clone()));
        let others: Vec<_> = others.collect();
        let both = || pairs.iter().zip(&others);
        let groups = both().map(|(NewPair { lease, view, .. }, other)| {
            let ended = lease.creation.map(|key| self.forgetting(lease, key, Some(other)));
            Ok(self.pairing(lease, other, view)?.into_iter().chain(ended).collect())
        });
        let mut written = self.write_each(groups.collect::<Result<_, PairError>>()?).await?;
        let is_anothers = |written: &Written| match written {
            Written::Done => false,
            Written::Refused(refused) => is_anothers_note(refused, PAIR),
        };
        let mut without_note = Vec::new();
        let mut groups = Vec::new();
        for (position, (NewPair { lease, view, .. }, other)) in both().enumerate() {
            if is_anothers(&written[position]) {
                without_note.push(position);
                groups.push(self.pairing(lease, other, view)?.into());
            }
        }
        for (position, again) in without_note.into_iter().zip(self.write_each(groups).await?) {
            written[position] = again;
        }
        let now = self.clock.now();
        let mut saved = Vec::with_capacity(pairs.len());
        let mut to_confirm = Vec::new();
        for (position, ((pair, other), written)) in both().zip(written).enumerate() {
            saved.push(match written {
                Written::Done => Ok(()),
                Written::Refused(refused) => {
                    to_confirm.push(position);
                    check_refused(&pair.lease, other, refused, now)
                }
            });
        }
        to_confirm.retain(|position| saved[*position].is_ok());
        let asked = to_confirm.iter().map(|it| (&pairs[*it].lease.integration, &others[*it]));
        let records = self.records(&asked.collect::<Vec<_>>()).await?;
        for (position, theirs) in to_confirm.into_iter().zip(records) {
            if !theirs.is_paired_with(pairs[position].lease.contact.id()) {
                saved[position] = Err(PairError::LeaseLost);
            }
        }
        Ok(saved)
    }

    pub(in super::super) async fn give_up_each(&self, leases: &[Lease]) -> Result<(), PairError> {
        let groups = leases.iter().map(|lease| self.giving_up(lease)).collect();
        let written = self.write_each(groups).await?;
        let refused = leases.iter().zip(written).filter_map(|(lease, written)| match written {
            Written::Done => None,
            Written::Refused(_) => Some(self.give_up_alone(lease)),
        });
        let refused: Vec<_> = refused.collect();
        stream::iter(refused).buffer_unordered(CONCURRENCY).try_collect().await
    }
}
