//! Both directions of a new pair, in one transaction with the end of its creation.

use super::super::claim::Lease;
use super::super::contact::{Contact, CreationKey};
use super::super::error::PairError;
use super::super::view::View;
use super::item::{record_of, view_text};
use super::lease::OURS;
use super::store::DynamoPairs;
use crate::contacts::Side;
use crate::ground::aws::dynamodb::{Action, Condition, Transaction, number, text};
use crate::ground::clock::Timestamp;

const PAIRED: &str = " REMOVE lease_owner, lease_until, creating_since, creating_key, creating_view, \
     deleted_until, expires_at";
const UNPAIRED: &str = " AND (attribute_not_exists(paired_with) OR paired_with = :id)";
const FREE: &str = "(attribute_not_exists(lease_until) OR lease_until <= :now)";
pub(super) const NOT_DELETED: &str =
    "(attribute_not_exists(deleted_until) OR deleted_until <= :now)";

/// How many writes make a pair, but for the end of its creation.
pub(super) const PAIR: usize = 2;

impl DynamoPairs {
    pub(super) async fn give_back_paired(
        &self,
        lease: &Lease,
        other: &Contact,
        key: CreationKey,
        view: &View,
    ) -> Result<(), PairError> {
        let actions = self.pairing(lease, other, view)?;
        let ended = self.forgetting(lease, key, Some(other));
        let refused = match self.transact(actions.into(), Some(ended)).await? {
            Transaction::Done => return Ok(()),
            Transaction::Refused(refused) => refused,
        };
        check_refused(lease, other, refused, self.clock.now())?;
        let theirs = self.record(&lease.integration, other).await?;
        theirs.is_paired_with(lease.contact.id()).then_some(()).ok_or(PairError::LeaseLost)
    }

    /// The writes that make the pair.
    pub(super) fn pairing(
        &self,
        lease: &Lease,
        other: &Contact,
        view: &View,
    ) -> Result<[Action<'_>; PAIR], PairError> {
        let view = view_text(view)?;
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
                    .value(":view", view.clone()),
                Side::External => {
                    write.update(format!("SET paired_with = :id, last_owner = :owner{PAIRED}"))
                }
            }
        };
        let ours = pair(&lease.contact, other).on_condition(format!("{OURS}{UNPAIRED}"));
        let theirs = pair(other, &lease.contact)
            .on_condition(format!("{FREE} AND {NOT_DELETED}{UNPAIRED}"))
            .value(":now", now);
        Ok([Action::Update(ours), Action::Update(theirs)])
    }
}

/// Why a pair was refused. Success if what refused it has this very pair: made by an earlier
/// attempt, or by somebody else; the other one has to confirm it.
pub(super) fn check_refused(
    lease: &Lease,
    other: &Contact,
    refused: Vec<Condition>,
    now: Timestamp,
) -> Result<(), PairError> {
    let sides = [(&lease.contact, other), (other, &lease.contact)];
    for ((contact, counterpart), item) in sides.into_iter().zip(refused) {
        let Condition::Failed(item) = item else { continue };
        let record = record_of(item)?;
        if !record.is_paired_with(counterpart.id()) {
            return Err(record.refusal(contact, counterpart.id(), now));
        }
    }
    Ok(())
}
