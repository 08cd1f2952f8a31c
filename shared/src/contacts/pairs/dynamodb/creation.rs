//! Creating a contact on the other side: noted before it is tried, ended by a pair.

use super::super::claim::{Begun, Lease};
use super::super::contact::{Contact, CreationKey};
use super::super::error::PairError;
use super::super::record::DELETED_FOR;
use super::super::view::View;
use super::item::{contact_of, creation_key, record_of, sort_key, view_text};
use super::lease::OURS;
use super::store::{DynamoPairs, unavailable};
use crate::botmatic::IntegrationId;
use crate::ground::aws::dynamodb::{
    Action, AttributeValue, Condition, Item, Transaction, Write, number, text,
};
use crate::ground::clock::Timestamp;

const CREATOR: &str = "creator";
const NOTE: &str = "SET creator = :creator";
const NOBODY_ELSES: &str = "attribute_not_exists(creator) OR creator = :creator";
const OR_ANOTHERS: &str = " OR creator = :other";
/// Nothing is known of what is sent: what was noted by an earlier attempt counts no more.
const NO_VIEW: &str = ", creating_view";
/// A creation must not expire with the tombstone that was there before.
pub(super) const BEGIN: &str = "creating_since = :now, creating_key = :key \
     REMOVE deleted_until, expires_at";
const RELEASE_ALONE: &str = "SET last_owner = :owner \
     REMOVE lease_owner, lease_until, creating_since, creating_key, creating_view";
const UNPAIRED: &str = " AND attribute_not_exists(paired_with)";
const BURY: &str = "SET deleted_until = :deleted_until, expires_at = :expires, \
     last_owner = :owner REMOVE lease_owner, lease_until, paired_with, pair_view, \
     creating_since, creating_key, creating_view";
const OF_THE_PAIR: &str = "attribute_not_exists(paired_with) OR paired_with = :id";

impl DynamoPairs {
    pub(super) async fn begin(
        &self,
        lease: &mut Lease,
        key: CreationKey,
        sent: &View,
        stale: Timestamp,
    ) -> Result<Begun, PairError> {
        let begin = if sent.is_empty() {
            self.ours(lease).update(format!("SET {BEGIN}{NO_VIEW}"))
        } else {
            let begin = self.ours(lease).update(format!("SET creating_view = :sent, {BEGIN}"));
            begin.value(":sent", view_text(sent)?)
        };
        let begin = begin
            .value(":now", number(self.clock.now().as_millis()))
            .value(":key", number(key.to_bits()));
        let mut before = None;
        // The second round takes over from somebody who has ended without giving up.
        for _ in 0..2 {
            let actions = vec![
                Action::Update(self.note(&lease.integration, &lease.contact, key, before.as_ref())),
                Action::Update(begin.clone()),
            ];
            let ended = lease.creation.filter(|before| *before != key);
            let ended = ended.map(|before| self.forgetting(lease, before, None));
            let refused = match self.transact(actions, ended).await? {
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
                let is_live = record.is_leased(now);
                return Ok(Begun::Pending { contact, is_live, sent: record.sent });
            }
            before = Some(contact);
        }
        Err(PairError::LeaseLost)
    }

    /// Makes these writes, and with them the end of a creation's note. Where somebody has taken the
    /// key over, the note is theirs and stays.
    pub(super) async fn transact(
        &self,
        mut actions: Vec<Action<'_>>,
        ended: Option<Action<'_>>,
    ) -> Result<Transaction, PairError> {
        let writes = actions.len();
        actions.extend(ended);
        match self.client.transact(&actions).await.map_err(unavailable)? {
            Transaction::Refused(refused) if is_anothers_note(&refused, writes) => {
                actions.truncate(writes);
                self.client.transact(&actions).await.map_err(unavailable)
            }
            transaction => Ok(transaction),
        }
    }

    /// A write to the item that says who creates under `key`: nobody, `creator`, or `other`.
    fn noted(
        &self,
        integration: &IntegrationId,
        key: CreationKey,
        creator: &Contact,
        other: Option<&Contact>,
    ) -> Write<'_> {
        let noted = Write::to(&self.table, creation_key(integration, key))
            .value(":creator", text(sort_key(creator)));
        match other {
            None => noted.on_condition(NOBODY_ELSES),
            Some(other) => noted
                .on_condition(format!("{NOBODY_ELSES}{OR_ANOTHERS}"))
                .value(":other", text(sort_key(other))),
        }
    }

    /// The note that `contact` creates under `key`, unless somebody else does; `before` is who has
    /// ended without giving up.
    pub(super) fn note(
        &self,
        integration: &IntegrationId,
        contact: &Contact,
        key: CreationKey,
        before: Option<&Contact>,
    ) -> Write<'_> {
        self.noted(integration, key, contact, before).update(NOTE).returning_refused()
    }

    /// The end of the note that the leased contact creates under `key`, or that `other` does.
    pub(super) fn forgetting(
        &self,
        lease: &Lease,
        key: CreationKey,
        other: Option<&Contact>,
    ) -> Action<'_> {
        Action::Delete(self.noted(&lease.integration, key, &lease.contact, other))
    }

    pub(super) async fn give_up(&self, lease: &Lease) -> Result<(), PairError> {
        let actions = self.giving_up(lease);
        match self.client.transact(&actions).await.map_err(unavailable)? {
            Transaction::Done => Ok(()),
            Transaction::Refused(_) => self.give_up_alone(lease).await,
        }
    }

    /// The writes by which a contact without a pair is given back, and with it its creation.
    pub(super) fn giving_up(&self, lease: &Lease) -> Vec<Action<'_>> {
        let release = self.releasing(lease).on_condition(format!("{OURS}{UNPAIRED}"));
        let ended = lease.creation.map(|key| self.forgetting(lease, key, None));
        [Action::Update(release)].into_iter().chain(ended).collect()
    }

    /// Gives back a contact that was paired meanwhile, or whose key somebody has taken over: what
    /// is noted under the key is theirs, or counts no more. That the contact is not ours any more
    /// is fine.
    pub(super) async fn give_up_alone(&self, lease: &Lease) -> Result<(), PairError> {
        let release = self.ours(lease).update(RELEASE_ALONE);
        self.client.update(&release).await.map_err(unavailable)?;
        Ok(())
    }

    pub(super) async fn give_back_deleted(&self, lease: Lease) -> Result<(), PairError> {
        let until = self.clock.now() + DELETED_FOR;
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
        let ended = lease.creation.map(|key| self.forgetting(&lease, key, None));
        let refused = match self.transact(actions, ended).await? {
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

/// Whether all that was in the way of a transaction is that the note, which comes after so many
/// other writes, is somebody else's.
pub(super) fn is_anothers_note(refused: &[Condition], writes: usize) -> bool {
    let is_false = |it: &Condition| matches!(it, Condition::Failed(_));
    let first_false = refused.iter().position(is_false);
    first_false.is_some_and(|first| first >= writes)
}

/// Who creates, from the item that says so.
pub(super) fn creator_of(item: &Item) -> Result<Contact, PairError> {
    let creator = item.get(CREATOR).and_then(AttributeValue::as_text);
    creator.and_then(contact_of).ok_or(PairError::Corrupt("expected a creator"))
}
