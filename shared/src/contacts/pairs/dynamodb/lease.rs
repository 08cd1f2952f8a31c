//! Taking a contact, and giving it back.

use std::time::Duration;

use super::super::claim::{Claim, ClaimRequest, Claimed, Lease};
use super::super::contact::Contact;
use super::super::error::PairError;
use super::super::record::Record;
use super::super::view::View;
use super::item::{record_of, view_text};
use super::store::{DynamoPairs, unavailable};
use crate::contacts::BotmaticId;
use crate::ground::aws::dynamodb::{Write, WriteOutcome, number, text};

pub(super) const CLAIM: &str = "SET lease_owner = :owner, lease_until = :until";
/// The last part refuses an attempt that arrives after the one that repeated it has given back.
pub(super) const FREE: &str = "(attribute_not_exists(lease_until) OR lease_until <= :now \
     OR lease_owner = :owner) AND (attribute_not_exists(last_owner) OR last_owner <> :owner)";
const UNPAIRED: &str = " AND attribute_not_exists(paired_with)";
pub(super) const OURS: &str = "lease_owner = :owner";
const COMMIT: &str = "SET pair_view = :view, last_owner = :owner REMOVE lease_owner, lease_until";
const RELEASE: &str = "SET last_owner = :owner REMOVE lease_owner, lease_until";
/// Of a contact of which nothing is known nothing has to be kept; not for long, that is.
const RELEASE_TO_EXPIRE: &str = "SET last_owner = :owner, \
     expires_at = if_not_exists(expires_at, :expires) \
     REMOVE lease_owner, lease_until, creating_since, creating_key, creating_view";
/// Nothing is known of it but that it was claimed, or that it was deleted.
const EMPTY: &str = "lease_owner = :owner AND attribute_not_exists(paired_with) \
     AND attribute_not_exists(creating_key)";
/// For how long, after which no attempt at a call is still on its way.
const EMPTY_FOR: Duration = Duration::from_hours(1);
/// Botmatic's contact of the pair that was found by the external one.
const STILL_PAIRED: &str = " AND paired_with = :asked";

impl DynamoPairs {
    /// One `UpdateItem` for a contact on Botmatic; for an external one a `GetItem` before it,
    /// which says what it is paired with.
    pub(super) async fn take(&self, request: ClaimRequest) -> Result<Claim, PairError> {
        // A second round where it was paired between looking and taking.
        for _ in 0..2 {
            let contact = match &request.contact {
                Contact::Botmatic(_) => request.contact.clone(),
                Contact::External(_) => self.of_pair(&request).await?,
            };
            match self.take_one(&request, &contact).await? {
                Taken::Claimed(record) => {
                    let lease = Lease {
                        integration: request.integration,
                        contact: contact.clone(),
                        owner: request.owner,
                        other: record.paired_with.clone(),
                        creation: record.creating.map(|(_, key)| key),
                        sent: record.sent.clone(),
                    };
                    let known = record.known(&contact, self.clock.now())?;
                    return Ok(Claim::Claimed(Box::new(Claimed { lease, known })));
                }
                Taken::Busy => return Ok(Claim::Busy),
                Taken::PairedMeanwhile => {}
            }
        }
        Ok(Claim::Busy)
    }

    /// The contact to take: Botmatic's of the pair, or the external one if it has none.
    async fn of_pair(&self, request: &ClaimRequest) -> Result<Contact, PairError> {
        let record = self.record(&request.integration, &request.contact).await?;
        let Some(id) = record.paired_with else { return Ok(request.contact.clone()) };
        let id = BotmaticId::new(id).map_err(|_| PairError::Corrupt("expected an id"))?;
        Ok(Contact::Botmatic(id))
    }

    async fn take_one(
        &self,
        request: &ClaimRequest,
        contact: &Contact,
    ) -> Result<Taken, PairError> {
        let now = self.clock.now();
        let asked = &request.contact;
        let claim = self.write(&request.integration, contact).update(CLAIM);
        let claim = match contact {
            Contact::External(_) => claim.on_condition(format!("{FREE}{UNPAIRED}")),
            Contact::Botmatic(_) if contact == asked => claim.on_condition(FREE),
            Contact::Botmatic(_) => claim
                .on_condition(format!("{FREE}{STILL_PAIRED}"))
                .value(":asked", text(asked.id())),
        };
        let claim = claim
            .value(":owner", text(&request.owner))
            .value(":until", number(request.until.as_millis()))
            .value(":now", number(now.as_millis()))
            .returning_old()
            .returning_refused();
        Ok(match self.client.update(&claim).await.map_err(unavailable)? {
            WriteOutcome::Done(before) => Taken::Claimed(Box::new(record_of(before)?)),
            WriteOutcome::Refused(item) => {
                let record = record_of(item)?;
                let is_as_found = match contact {
                    Contact::External(_) => record.paired_with.is_none(),
                    Contact::Botmatic(_) => contact == asked || record.is_paired_with(asked.id()),
                };
                if is_as_found { Taken::Busy } else { Taken::PairedMeanwhile }
            }
        })
    }

    /// A write to the leased contact, on condition that it still is.
    pub(super) fn ours(&self, lease: &Lease) -> Write<'_> {
        self.write(&lease.integration, &lease.contact)
            .on_condition(OURS)
            .value(":owner", text(&lease.owner))
    }

    pub(super) async fn give_back_with(&self, lease: Lease, view: &View) -> Result<(), PairError> {
        let commit = self.ours(&lease).update(COMMIT).value(":view", view_text(view)?);
        let commit = commit.returning_refused();
        match self.client.update(&commit).await.map_err(unavailable)? {
            WriteOutcome::Done(_) => Ok(()),
            WriteOutcome::Refused(item) => {
                let is_saved = record_of(item)?.last_owner.as_ref() == Some(&lease.owner);
                is_saved.then_some(()).ok_or(PairError::LeaseLost)
            }
        }
    }

    /// What the lease found is left as it was; where it found nothing, nothing is left for long.
    pub(super) async fn give_back(&self, lease: Lease) -> Result<(), PairError> {
        // Whether a creation was begun since, the item knows, and not every copy of the lease.
        let empty = self.releasing(&lease).on_condition(EMPTY);
        if lease.other.is_none()
            && let WriteOutcome::Done(_) = self.client.update(&empty).await.map_err(unavailable)?
        {
            return Ok(());
        }
        self.client.update(&self.ours(&lease).update(RELEASE)).await.map_err(unavailable)?;
        Ok(())
    }

    /// Gives back a contact without a pair, and without a creation if one was begun.
    pub(super) fn releasing(&self, lease: &Lease) -> Write<'_> {
        let expires = self.clock.now() + EMPTY_FOR;
        self.ours(lease).update(RELEASE_TO_EXPIRE).value(":expires", number(expires.as_secs()))
    }
}

/// What became of taking one item.
enum Taken {
    Claimed(Box<Record>),
    Busy,
    /// The contact's pair was made or deleted since we looked.
    PairedMeanwhile,
}
