//! A contact that has no pair: it is created on the other side, once.

use super::adopt::Adoption;
use super::claim::StillClaimed;
use super::doubt::Doubt;
use super::news::News;
use super::operations::{Job, Sync};
use super::other_side::SideError;
use super::outcome::Outcome;
use super::pairing::{Pairing, Patience};
use super::recognition::creation_key;
use super::update::Current;
use crate::contacts::Fields;
use crate::contacts::Side;
use crate::contacts::consumer::{ConsumerError, ExternalContact, Operation};
use crate::contacts::mapping::{Mapped, Origin};
use crate::contacts::pairs::{Begun, CreationKey, Lease, View};
use crate::ground::clock::Timestamp;

/// A contact that is to be created on the other side.
struct Creation<'a> {
    news: &'a News,
    current: &'a Current,
    /// What it is there.
    mapped: &'a Mapped,
    key: CreationKey,
    /// Since when an earlier attempt is in doubt that the other side recognises.
    begun: Option<Timestamp>,
}

/// Why there is no pair.
pub(super) enum Stop {
    /// The other side may have a new contact all the same; that is remembered.
    InDoubt(Outcome),
    /// It certainly has none.
    NotCreated(Outcome),
}

impl Stop {
    /// The same where the other side has the contact, or may have it by an earlier attempt: what
    /// may succeed later stays noted, so that its own event is recognised meanwhile.
    fn remembered(self) -> Self {
        match self {
            Self::NotCreated(later @ Outcome::RetryLater { .. }) => Self::InDoubt(later),
            stop => stop,
        }
    }
}

impl<E: Into<Outcome>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::NotCreated(error.into())
    }
}

impl Sync {
    /// Creates the contact on the other side, or adopts what is there. `begun` is since when an
    /// earlier creation is in doubt that the other side recognises when it is repeated.
    pub(super) async fn create(
        &self,
        job: &Job<'_>,
        mut lease: Lease,
        news: News,
        begun: Option<Timestamp>,
    ) -> Result<Outcome, StillClaimed> {
        self.still_installed(job).await?;
        let other = news.side().other();
        let current = self.current_fields(job, &news, &View::default()).await?;
        let mapped = self.map(other, &current);
        let missing: Vec<_> = mapped.missing_required().collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(Outcome::Rejected(format!("required, and not there: {missing}")).into());
        }
        let key = creation_key(&self.mappings, &news.contact, &current.fields, &mapped);
        let is_repeated = lease.creation.is_some();
        // What was sent first may be what is there.
        let sent = if lease.sent.is_empty() {
            view_of(&mapped, news.side(), news.order.clone())
        } else {
            lease.sent.clone()
        };
        match begun {
            // By the new key what was created before would not be recognised.
            Some(since) if lease.creation != Some(key) => {
                return Err(StillClaimed(self.in_doubt(since)));
            }
            Some(_) => {}
            None => {
                if let Some(doubt) = self.begin(&mut lease, &news, key, &sent).await? {
                    return self.recognise(job, lease, news, current, doubt).await;
                }
            }
        }
        let creation = Creation { news: &news, current: &current, mapped: &mapped, key, begun };
        let made = self.find_or_make(job, &lease, creation).await;
        let made = made.map_err(|stop| if is_repeated { stop.remembered() } else { stop });
        match (made, begun) {
            (Ok(outcome), _) => Ok(outcome),
            (Err(Stop::InDoubt(outcome)), _) => Err(StillClaimed(outcome)),
            // The earlier attempt may have taken place all the same.
            (Err(Stop::NotCreated(_)), Some(since)) => Err(StillClaimed(self.in_doubt(since))),
            (Err(Stop::NotCreated(outcome)), None) => {
                self.pairs.abandon(lease).await?;
                Ok(outcome)
            }
        }
    }

    /// Notes that the contact is about to be created under `key`; or else which creation of the
    /// other side it is from. What the event tells of counts for that as well: since then the contact
    /// may have been changed.
    async fn begin(
        &self,
        lease: &mut Lease,
        news: &News,
        key: CreationKey,
        sent: &View,
    ) -> Result<Option<Doubt>, Outcome> {
        let other = news.side().other();
        let told = news.fields.as_ref().map(|fields| {
            let mapped = self.mappings.map(other, fields, news.extent);
            creation_key(&self.mappings, &news.contact, fields, &mapped)
        });
        let stale = self.clock.now() - self.settle;
        for key in told.filter(|told| *told != key).into_iter().chain([key]) {
            match self.pairs.begin_creation(lease, key, sent, stale).await? {
                Begun::Begun => {}
                Begun::Pending { contact, is_live: false, sent } if contact.side() == other => {
                    return Ok(Some(Doubt { creator: contact, key, sent }));
                }
                Begun::Pending { .. } => {
                    return Err(Outcome::busy("the same contact is being created"));
                }
            }
        }
        Ok(None)
    }

    /// Asked after the contact was claimed: who uninstalls deletes the claim with everything else,
    /// and without it no creation can be begun and no pair saved.
    async fn still_installed(&self, job: &Job<'_>) -> Result<(), Outcome> {
        match self.integrations.installed(&job.integration.id).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Outcome::Rejected("the integration was uninstalled".to_owned())),
            Err(error) => Err(Outcome::unavailable(error.to_string())),
        }
    }

    /// Adopts the contact that is there already, or creates one. An error has not given the lease
    /// back.
    async fn find_or_make(
        &self,
        job: &Job<'_>,
        lease: &Lease,
        creation: Creation<'_>,
    ) -> Result<Outcome, Stop> {
        let Creation { news, current, mapped, key, begun } = creation;
        let adoption = |found| Adoption { news, current, found, key, sent: &lease.sent };
        let (side, other) = (news.side(), news.side().other());
        if let Some(found) = self.find_by_email(job, side, &current.fields).await? {
            let adopted = self.adopt(job, lease, adoption(found)).await;
            if let Some(outcome) = adopted.map_err(Stop::remembered)? {
                return Ok(outcome);
            }
        }
        // A new contact has nothing to clear.
        let fields = mapped.fields_where(|entry| !entry.value.is_null());
        match self.create_on(other, job, &news.contact, key, &fields).await {
            Ok(created) => {
                if begun.is_some() {
                    // It may hold what was to be created then.
                    let updated = self.update_on(job, &created, &held_by(mapped)).await;
                    updated.map_err(|error| Stop::InDoubt(error.into_doubt()))?;
                }
                let mut view = view_of(mapped, side, news.order.clone());
                view.last_written = Some(self.clock.now());
                let pairing =
                    Pairing { source: &news.contact, created: &created, key, view: &view };
                let saved = self.save_pair(job, lease, pairing, Patience::AsLongAsPossible).await;
                saved.map_err(|StillClaimed(outcome)| Stop::InDoubt(outcome))
            }
            Err(error) if error.may_have_happened() => Err(Stop::InDoubt(error.into_doubt())),
            Err(SideError::External(ConsumerError::Conflict { existing: Some(id) })) => {
                let found = self.consumer.get_contact(&job.tenant(), &id).await;
                let found =
                    found.map_err(|error| Stop::from(SideError::from(error)).remembered())?;
                let adopted = self.adopt(job, lease, adoption(found)).await;
                adopted.map_err(Stop::remembered)?.ok_or(Stop::NotCreated(Outcome::Conflict))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The one external contact that has the address of Botmatic's.
    async fn find_by_email(
        &self,
        job: &Job<'_>,
        side: Side,
        fields: &Fields,
    ) -> Result<Option<ExternalContact>, Outcome> {
        let can_look = self.consumer.offers(Operation::GetContactByEmail);
        if side == Side::External || !can_look {
            return Ok(None);
        }
        let Some(email) = self.mappings.email_on_botmatic(fields) else { return Ok(None) };
        match self.consumer.get_contact_by_email(&job.tenant(), &email).await {
            Ok(found) => Ok(Some(found)),
            Err(ConsumerError::NotFound | ConsumerError::Ambiguous { .. }) => Ok(None),
            Err(error) => Err(SideError::from(error).into()),
        }
    }
}

/// All that a contact holds on the other side, what is cleared included; a default is for new ones.
fn held_by(mapped: &Mapped) -> Fields {
    mapped.fields_where(|entry| entry.origin != Origin::Default)
}

/// What both sides hold once the contact `mapped` from `side` was created on the other.
pub(in crate::contacts) fn view_of(mapped: &Mapped, side: Side, order: Option<String>) -> View {
    let mut view = View::default();
    view.order = order;
    for entry in &mapped.entries {
        if entry.origin == Origin::Field {
            view.note(side, &entry.name, &entry.source);
        }
        view.note(side.other(), &entry.name, &entry.value);
    }
    view
}
