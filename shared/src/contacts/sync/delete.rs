//! A contact was deleted: so is the other of its pair.

use super::claim::StillClaimed;
use super::operations::{Job, Sync};
use super::outcome::{Outcome, Unchanged};
use crate::contacts::Side;
use crate::contacts::pairs::{Claimed, Contact, Known};

impl Sync {
    pub(super) async fn deleted(&self, job: &Job<'_>, contact: Contact) -> Outcome {
        let (claimed, job) = match self.claim(job, &contact).await {
            Ok(claimed) => claimed,
            Err(outcome) => return outcome,
        };
        let lease = claimed.lease.clone();
        match self.delete(&job, claimed, contact.side()).await {
            Ok(outcome) => outcome,
            Err(StillClaimed(outcome)) => self.release(lease, outcome).await,
        }
    }

    async fn delete(
        &self,
        job: &Job<'_>,
        claimed: Claimed,
        side: Side,
    ) -> Result<Outcome, StillClaimed> {
        let Claimed { lease, known } = claimed;
        match known {
            Known::Paired(paired) => {
                self.delete_on(job, &Self::of_pair(&paired, side.other())).await?;
                self.pairs.mark_deleted(lease).await?;
                let (botmatic, external) = (paired.botmatic, paired.external);
                Ok(Outcome::Done { botmatic, external, is_new: false })
            }
            Known::Creating { since } if self.is_in_doubt(since) => {
                Err(StillClaimed(self.in_doubt(since)))
            }
            // An event of it that is late must not create it again.
            Known::Unknown | Known::Creating { .. } => {
                self.pairs.mark_deleted(lease).await?;
                Ok(match side {
                    Side::Botmatic => Outcome::Unchanged(Unchanged::NoPair),
                    Side::External => Outcome::NotFound,
                })
            }
            Known::Deleted => Err(StillClaimed(Outcome::Unchanged(Unchanged::Deleted))),
        }
    }
}
