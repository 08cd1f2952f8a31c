//! Creating a contact on the other side: noted before it is tried, ended by a pair.

use super::super::claim::{Begun, Lease};
use super::super::contact::{Contact, CreationKey};
use super::super::error::PairError;
use super::super::record::BURIED_FOR;
use super::super::view::View;
use super::item::{contact_of, creation_key, record_of, sort_key};
use super::lease::OURS;
use super::store::{DynamoPairs, unavailable};
use crate::contacts::Side;
use crate::ground::aws::dynamodb::{
    Action, AttributeValue, Condition, Item, Transaction, Write, number, text,
};
use crate::ground::clock::Timestamp;

const CREATOR: &str = "creator";
const NOTE: &str = "SET creator = :creator";
const NOBODY_ELSES: &str = "attribute_not_exists(creator) OR creator = :creator";
/// A creation must not expire with the tombstone that was there before.
const BEGIN: &str = "SET creating_since = :now, creating_key = :key \
     REMOVE deleted_until, expires_at";
const PAIRED: &str = " REMOVE lease_owner, lease_until, creating_since, creating_key, \
     deleted_until, expires_at";
const UNPAIRED: &str = " AND (attribute_not_exists(paired_with) OR paired_with = :id)";
const FREE: &str = "(attribute_not_exists(lease_until) OR lease_until <= :now) \
     AND (attribute_not_exists(deleted_until) OR deleted_until <= :now)";
const BURY: &str = "SET deleted_until = :deleted_until, expires_at = :expires, \
     last_owner = :owner REMOVE lease_owner, lease_until, paired_with, pair_view, \
     creating_since, creating_key";
const OF_THE_PAIR: &str = "attribute_not_exists(paired_with) OR paired_with = :id";

impl DynamoPairs {
    pub(super) async fn begin(
        &self,
        lease: &mut Lease,
        key: CreationKey,
        stale: Timestamp,
    ) -> Result<Begun, PairError> {
        let creator = sort_key(&lease.contact);
        let mut note = self
            .creation(lease, key)
            .update(NOTE)
            .on_condition(NOBODY_ELSES)
            .value(":creator", text(creator));
        let begin = self
            .ours(lease)
            .update(BEGIN)
            .value(":now", number(self.clock.now().as_millis()))
            .value(":key", number(key.0.to_bits()));
        // The second round takes over from somebody who has ended without giving up.
        for _ in 0..2 {
            let mut actions = vec![
                Action::Update(note.clone().returning_refused()),
                Action::Update(begin.clone()),
            ];
            if let Some(before) = lease.creation.filter(|before| *before != key) {
                actions.push(Action::Delete(self.creation(lease, before)));
            }
            let refused = match self.client.transact(&actions).await.map_err(unavailable)? {
                Transaction::Done => {
                    lease.creation = Some(key);
                    return Ok(Begun::Begun);
                }
                Transaction::Refused(refused) => refused,
            };
            let Some(Condition::Failed(Some(noted))) = refused.into_iter().next() else {
                return Err(PairError::LeaseLost);
            };
            let contact = creator_of(&noted)?;
            let record = self.record(&lease.integration, &contact).await?;
            let (now, same_side) = (self.clock.now(), contact.side() == lease.contact.side());
            if record.is_creating(key, same_side, stale, now) {
                return Ok(Begun::Pending { contact, is_live: record.is_leased(now) });
            }
            note = note
                .on_condition("creator = :before OR creator = :creator")
                .value(":before", text(sort_key(&contact)));
        }
        Err(PairError::LeaseLost)
    }

    /// A write to the item that says who creates under `key`.
    fn creation(&self, lease: &Lease, key: CreationKey) -> Write<'_> {
        Write::to(&self.table, creation_key(&lease.integration, key))
    }

    pub(super) async fn give_back_paired(
        &self,
        lease: &Lease,
        other: &Contact,
        key: CreationKey,
        view: &View,
    ) -> Result<(), PairError> {
        let view = serde_json::to_string(view)
            .map_err(|_| PairError::Corrupt("expected a view that is JSON"))?;
        let now = number(self.clock.now().as_millis());
        let pair = |contact: &Contact, id: &Contact| {
            let write = self
                .write(&lease.integration, contact)
                .value(":id", text(id.id()))
                .value(":owner", text(&lease.owner))
                .returning_refused();
            match contact.side() {
                Side::Botmatic => write
                    .update(format!(
                        "SET paired_with = :id, last_owner = :owner, pair_view = :view{PAIRED}"
                    ))
                    .value(":view", text(&view)),
                Side::External => {
                    write.update(format!("SET paired_with = :id, last_owner = :owner{PAIRED}"))
                }
            }
        };
        let ours = pair(&lease.contact, other).on_condition(format!("{OURS}{UNPAIRED}"));
        let theirs = pair(other, &lease.contact)
            .on_condition(format!("{FREE}{UNPAIRED}"))
            .value(":now", now);
        let noted = self.creation(lease, key);
        let actions = [Action::Update(ours), Action::Update(theirs), Action::Delete(noted)];
        let refused = match self.client.transact(&actions).await.map_err(unavailable)? {
            Transaction::Done => return Ok(()),
            Transaction::Refused(refused) => refused,
        };
        self.explain(lease, other, refused).await
    }

    /// Why a pair was refused; success if an earlier attempt, or somebody else, has made it.
    async fn explain(
        &self,
        lease: &Lease,
        other: &Contact,
        refused: Vec<Condition>,
    ) -> Result<(), PairError> {
        let now = self.clock.now();
        let sides = [(&lease.contact, other), (other, &lease.contact)];
        for ((contact, counterpart), item) in sides.into_iter().zip(refused) {
            let Condition::Failed(item) = item else { continue };
            let record = record_of(item)?;
            if !record.is_paired_with(counterpart.id()) {
                return Err(record.refusal(contact, counterpart.id(), now));
            }
        }
        let theirs = self.record(&lease.integration, other).await?;
        if theirs.is_paired_with(lease.contact.id()) { Ok(()) } else { Err(PairError::LeaseLost) }
    }

    pub(super) async fn give_up(&self, lease: Lease) -> Result<(), PairError> {
        let mut actions = vec![Action::Update(self.releasing(&lease))];
        actions.extend(lease.creation.map(|key| Action::Delete(self.creation(&lease, key))));
        // Refused, the contact is not ours any more; then there is nothing to give back.
        self.client.transact(&actions).await.map_err(unavailable)?;
        Ok(())
    }

    pub(super) async fn give_back_deleted(&self, lease: Lease) -> Result<(), PairError> {
        let until = self.clock.now() + BURIED_FOR;
        let values = Item::from([
            (":deleted_until".to_owned(), number(until.as_millis())),
            (":expires".to_owned(), number(until.as_secs())),
            (":owner".to_owned(), text(&lease.owner)),
        ]);
        let ours = self.ours(&lease).update(BURY).values(values.clone()).returning_refused();
        let mut actions = vec![Action::Update(ours)];
        if let Some(other) = lease.other_contact()? {
            let theirs = self
                .write(&lease.integration, &other)
                .update(BURY)
                .on_condition(OF_THE_PAIR)
                .values(values)
                .value(":id", text(lease.contact.id()));
            actions.push(Action::Update(theirs));
        }
        actions.extend(lease.creation.map(|key| Action::Delete(self.creation(&lease, key))));
        let refused = match self.client.transact(&actions).await.map_err(unavailable)? {
            Transaction::Done => return Ok(()),
            Transaction::Refused(refused) => refused,
        };
        let Some(Condition::Failed(ours)) = refused.into_iter().next() else {
            return Err(PairError::LeaseLost);
        };
        let is_buried = record_of(ours)?.last_owner.as_ref() == Some(&lease.owner);
        is_buried.then_some(()).ok_or(PairError::LeaseLost)
    }
}

/// Who creates, from the item that says so.
fn creator_of(item: &Item) -> Result<Contact, PairError> {
    let creator = item.get(CREATOR).and_then(AttributeValue::as_text);
    creator.and_then(contact_of).ok_or(PairError::Corrupt("expected a creator"))
}
