//! A contact that has a pair: what is new is written to the other side.

use super::change::{Change, Loop};
use super::claim::StillClaimed;
use super::news::News;
use super::operations::{Job, Sync};
use super::order::is_before;
use super::other_side::SideError;
use super::outcome::{Outcome, Unchanged};
use crate::contacts::consumer::{ConsumerError, Operation};
use crate::contacts::mapping::{Extent, Mapped};
use crate::contacts::pairs::{Contact, Lease, Paired, View};
use crate::contacts::{Fields, MAX_FIELDS, Side};

/// What a contact holds, as far as it is known.
pub(super) struct Current {
    pub fields: Fields,
    pub extent: Extent,
}

impl Sync {
    pub(super) async fn update(
        &self,
        job: &Job<'_>,
        lease: Lease,
        paired: Paired,
        news: News,
    ) -> Result<Outcome, StillClaimed> {
        let (side, other) = (news.side(), news.side().other());
        if is_stale(&news, &paired.view) {
            return Err(StillClaimed(Outcome::Unchanged(Unchanged::Stale)));
        }
        let current = self.current_fields(job, &news, &paired.view).await?;
        let mapped = self.map(other, &current);
        let change = Change::of(&mapped, side, &paired.view, self.clock.now());
        let Change { fields, mut view } =
            change.map_err(|Loop| Outcome::Unchanged(Unchanged::Loop))?;
        let is_echo = fields.is_empty();
        if !is_echo {
            self.update_on(job, &Self::of_pair(&paired, other), &fields).await?;
        }
        if is_echo && side == Side::External {
            // Somebody there may have taken a change back, and the change itself may be told last.
            view.last_written = Some(self.clock.now());
        }
        view.order = news.order.or(view.order);
        if view == paired.view {
            return Err(StillClaimed(Outcome::Unchanged(Unchanged::Echo)));
        }
        self.pairs.commit(lease, &view).await?;
        let Paired { botmatic, external, .. } = paired;
        Ok(if is_echo {
            Outcome::Unchanged(Unchanged::Echo)
        } else {
            Outcome::Done { botmatic, external, is_new: false }
        })
    }

    /// What the contact holds. Botmatic's events have it all, and say when it was so. The external
    /// service's may be late: where something was written not long ago, or nothing ever was, the
    /// service is asked what the contact holds now, if it can be.
    pub(super) async fn current_fields(
        &self,
        job: &Job<'_>,
        news: &News,
        view: &View,
    ) -> Result<Current, Outcome> {
        let now = self.clock.now();
        let is_quiet =
            view.last_written.is_some_and(|last_written| now.since(last_written) >= self.settle);
        let can_ask = self.consumer.offers(Operation::GetContact);
        let as_told = |fields: &Fields| Current { fields: fields.clone(), extent: news.extent };
        let current = match (&news.contact, &news.fields) {
            (Contact::Botmatic(_), None) => return Err(Outcome::NotFound),
            (Contact::Botmatic(_), Some(told)) => as_told(told),
            (Contact::External(_), Some(told)) if is_quiet || !can_ask => as_told(told),
            (Contact::External(id), told) => {
                match (self.consumer.get_contact(&job.tenant(), id).await, told) {
                    (Ok(contact), _) => Current { fields: contact.fields, extent: Extent::Whole },
                    // It is gone, and the service will say so. Until then this is as good.
                    (Err(ConsumerError::NotFound), Some(told)) => as_told(told),
                    (Err(error), _) => return Err(SideError::from(error).into()),
                }
            }
        };
        if current.fields.len() > MAX_FIELDS {
            let reason = format!("expected a contact of at most {MAX_FIELDS} fields");
            return Err(Outcome::Rejected(reason));
        }
        Ok(current)
    }

    /// What a contact is on the side `to`. What cannot be mapped is left out, and logged.
    pub(super) fn map(&self, to: Side, current: &Current) -> Mapped {
        let mapped = self.mappings.map(to, &current.fields, current.extent);
        for problem in &mapped.problems {
            tracing::warn!(%problem, "a field is left out");
        }
        mapped
    }
}

fn is_stale(news: &News, view: &View) -> bool {
    let orders = news.order.as_ref().zip(view.order.as_ref());
    orders.is_some_and(|(order, newest)| is_before(order, newest))
}
