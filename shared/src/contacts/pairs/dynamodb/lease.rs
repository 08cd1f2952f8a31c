//! Taking a contact, and giving it back.

use super::super::record::Record;
use super::super::store::{Claim, ClaimRequest, Claimed, Contact, Lease, PairError};
use super::super::view::View;
use super::item::record_of;
use super::store::{DynamoPairs, unavailable};
use crate::contacts::BotmaticId;
use crate::ground::aws::dynamodb::{Outcome, Write, number, text};

const CLAIM: &str = "SET lease_owner = :owner, lease_until = :until";
/// The last part refuses an attempt that arrives after the one that repeated it has given back.
const FREE: &str = "(attribute_not_exists(lease_until) OR lease_until <= :now \
     OR lease_owner = :owner) AND (attribute_not_exists(last_owner) OR last_owner <> :owner)";
const UNPAIRED: &str = " AND attribute_not_exists(paired_with)";
pub(super) const OURS: &str = "lease_owner = :owner";
const COMMIT: &str = "SET pair_view = :view, last_owner = :owner REMOVE lease_owner, lease_until";
const RELEASE: &str = "REMOVE lease_owner, lease_until";
/// Nothing is known of it but that it was claimed.
const EMPTY: &str = "lease_owner = :owner AND attribute_not_exists(paired_with) \
     AND attribute_not_exists(creating_key) AND attribute_not_exists(deleted_until)";

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
        let is_external = matches!(contact, Contact::External(_));
        let claim = self
            .write(&request.integration, contact)
            .update(CLAIM)
            .on_condition(if is_external { format!("{FREE}{UNPAIRED}") } else { FREE.to_owned() })
            .value(":owner", text(&request.owner))
            .value(":until", number(request.until.as_millis()))
            .value(":now", number(now.as_millis()))
            .returning_old()
            .returning_refused();
        Ok(match self.client.update(&claim).await.map_err(unavailable)? {
            Outcome::Done(before) => {
                let record = record_of(before)?;
                let asked = &request.contact;
                if contact != asked && !record.is_paired_with(asked.id()) {
                    // The pair was deleted between looking and taking.
                    return Ok(Taken::PairedMeanwhile);
                }
                Taken::Claimed(Box::new(record))
            }
            Outcome::Refused(item) => {
                let is_paired = record_of(item)?.paired_with.is_some();
                if is_external && is_paired { Taken::PairedMeanwhile } else { Taken::Busy }
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
        let view = serde_json::to_string(view)
            .map_err(|_| PairError::Corrupt("expected a view that is JSON"))?;
        let commit =
            self.ours(&lease).update(COMMIT).value(":view", text(view)).returning_refused();
        match self.client.update(&commit).await.map_err(unavailable)? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(item) => {
                let is_saved = record_of(item)?.last_owner.as_ref() == Some(&lease.owner);
                is_saved.then_some(()).ok_or(PairError::LeaseLost)
            }
        }
    }

    /// What the lease found is left as it was; where it found nothing, nothing is left.
    pub(super) async fn give_back(&self, lease: Lease) -> Result<(), PairError> {
        let release = self.ours(&lease);
        if lease.other.is_none() && lease.creation.is_none() {
            let delete = release.clone().on_condition(EMPTY);
            if let Outcome::Done(_) = self.client.delete(&delete).await.map_err(unavailable)? {
                return Ok(());
            }
        }
        self.client.update(&release.update(RELEASE)).await.map_err(unavailable)?;
        Ok(())
    }
}

/// What became of taking one item.
enum Taken {
    Claimed(Box<Record>),
    Busy,
    /// The contact's pair was made or deleted since we looked.
    PairedMeanwhile,
}
