//! A contact that has a pair: what is new is written to the other side.

use serde_json::Value;

use super::far::FarError;
use super::news::News;
use super::operations::{Job, Sync};
use super::order::is_before;
use super::outcome::{Outcome, Unchanged};
use crate::contacts::consumer::{ConsumerError, Operation};
use crate::contacts::mapping::{Entry, Extent, Mapped, Origin};
use crate::contacts::pairs::{Contact, Lease, Paired, View};
use crate::contacts::{Fields, MAX_FIELDS, Side};
use crate::ground::fingerprint::Fingerprint;

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
    ) -> Result<Outcome, Outcome> {
        let (side, other) = (news.side(), news.side().other());
        let mut view = paired.view.clone();
        if is_stale(&news, &view) {
            return Err(Outcome::Unchanged(Unchanged::Stale));
        }
        let current = self.current_fields(job, &news, &view).await?;
        let mapped = self.map(other, &current);
        let news_to_us = news_in(&mapped, side, &view);
        let news_to_them: Vec<_> = news_to_us
            .iter()
            .copied()
            .filter(|entry| !view.holds(other, &entry.name, &entry.value))
            .collect();
        let is_echo = news_to_them.is_empty();
        if !is_echo {
            let (now, print) = (self.clock.now(), print(&news_to_them));
            if view.guard.forbids(other, print, now) {
                return Err(Outcome::Unchanged(Unchanged::Loop));
            }
            let changes = changes(&mapped, &news_to_them);
            self.update_on(job, &Self::of_pair(&paired, other), &changes).await?;
            view.guard.note(other, print, now);
            view.touched = Some(now);
        }
        for entry in &news_to_us {
            view.note(side, &entry.name, &entry.source);
            view.note(other, &entry.name, &entry.value);
        }
        view.order = news.order.or(view.order);
        if view == paired.view {
            return Err(Outcome::Unchanged(Unchanged::Echo));
        }
        self.pairs.commit(lease, &view).await?;
        let Paired { botmatic, external, .. } = paired;
        Ok(if is_echo {
            Outcome::Unchanged(Unchanged::Echo)
        } else {
            Outcome::Done { botmatic, external }
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
        let is_quiet = view.touched.is_some_and(|touched| now.since(touched) >= self.settle);
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
                    (Err(error), _) => return Err(FarError::from(error).into()),
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

/// The fields whose value on `side` is another than it was. A default is none: it belongs into new
/// contacts.
fn news_in<'a>(mapped: &'a Mapped, side: Side, view: &View) -> Vec<&'a Entry> {
    let entries = mapped.entries.iter().filter(|entry| entry.origin != Origin::Default);
    entries.filter(|entry| !view.holds(side, &entry.name, &entry.source)).collect()
}

/// What is written. Of a list every mapped item is, since writing one would drop the others.
fn changes(mapped: &Mapped, news: &[&Entry]) -> Fields {
    mapped.fields_where(|entry| {
        news.iter()
            .any(|it| it.name == entry.name || it.target_path.shares_list(&entry.target_path))
    })
}

/// The fingerprint of a write.
fn print(entries: &[&Entry]) -> Fingerprint {
    let fields: Fields =
        entries.iter().map(|entry| (entry.name.to_string(), entry.value.clone())).collect();
    Fingerprint::of_value(&Value::Object(fields))
}
