//! A contact that has no pair: it is created on the other side, once.

use std::time::Duration;

use tokio::time::sleep;

use super::far::FarError;
use super::news::News;
use super::operations::{Job, Sync};
use super::outcome::{Outcome, Unchanged};
use super::recognition::creation_key;
use super::update::Current;
use crate::contacts::Fields;
use crate::contacts::Side;
use crate::contacts::consumer::{ConsumerError, ExternalContact, Operation};
use crate::contacts::mapping::{Mapped, Origin};
use crate::contacts::pairs::{Begun, Contact, CreationKey, Lease, PairError, View};
use crate::ground::clock::Timestamp;
use crate::ground::retry::RetryPolicy;

/// For saving a pair while an event of the new contact looks at it.
const SAVING: RetryPolicy = RetryPolicy {
    retries: u32::MAX,
    first_pause: Duration::from_millis(10),
    longest_pause: Duration::from_millis(200),
};

/// Why there is no pair.
pub(super) enum Stop {
    /// The other side may have a new contact all the same; that is remembered.
    InDoubt(Outcome),
    /// It certainly has none.
    NotCreated(Outcome),
}

impl<E: Into<Outcome>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::NotCreated(error.into())
    }
}

impl Sync {
    /// Whether a creation that was begun at `since`, and of which nothing is known, may still show.
    /// The service would have told of the contact by the end of that time, or finds it; and one
    /// that recognises a repeated creation is asked again at once.
    pub(super) fn is_in_doubt(&self, since: Timestamp, side: Side) -> bool {
        let is_recognised = side == Side::Botmatic && self.consumer.recognises_repetitions();
        !is_recognised && self.clock.now().since(since) < self.settle
    }

    pub(super) async fn create(
        &self,
        job: &Job<'_>,
        mut lease: Lease,
        news: News,
    ) -> Result<Outcome, Outcome> {
        let other = news.side().other();
        let current = self.current_fields(job, &news, &View::default()).await?;
        let mapped = self.map(other, &current);
        let missing: Vec<_> = mapped.missing_required().collect();
        if !missing.is_empty() {
            return Err(Outcome::Rejected(format!(
                "required, and not there: {}",
                missing.join(", ")
            )));
        }
        let key = creation_key(&self.mappings, &news.contact, &current.fields, &mapped);
        let stale = self.clock.now() - self.settle;
        match self.pairs.begin_creation(&mut lease, key, stale).await? {
            Begun::Begun => {}
            // The other side's contact whose creation here was in doubt: this is it.
            Begun::Pending { contact, is_live: false } if contact.side() == other => {
                let view = View::default();
                let saved =
                    self.save_pair(job, &lease, &news.contact, &contact, key, &view).await?;
                return Ok(match saved {
                    Outcome::Done { .. } => Box::pin(self.tell(job, news)).await,
                    deleted => deleted,
                });
            }
            Begun::Pending { .. } => {
                return Err(Outcome::retry_later("the same contact is being created"));
            }
        }
        match self.find_or_make(job, &lease, (&news, &current, &mapped), key).await {
            Ok(outcome) => Ok(outcome),
            Err(Stop::InDoubt(outcome)) => Err(outcome),
            Err(Stop::NotCreated(outcome)) => {
                self.pairs.abandon(lease).await?;
                Ok(outcome)
            }
        }
    }

    /// Adopts the contact that is there already, or creates one. Ok has given the lease back.
    async fn find_or_make(
        &self,
        job: &Job<'_>,
        lease: &Lease,
        (news, current, mapped): (&News, &Current, &Mapped),
        key: CreationKey,
    ) -> Result<Outcome, Stop> {
        let (side, other) = (news.side(), news.side().other());
        if let Some(found) = self.find_by_email(job, side, &current.fields).await?
            && let Some(outcome) = self.adopt(job, lease, (news, current), found, key).await?
        {
            return Ok(outcome);
        }
        // A new contact has nothing to clear.
        let fields = mapped.fields_where(|entry| !entry.value.is_null());
        match self.create_on(other, job, &news.contact, &fields).await {
            Ok(created) => {
                let mut view = view_of(mapped, side, news.order.clone());
                view.touched = Some(self.clock.now());
                let saved = self.save_pair(job, lease, &news.contact, &created, key, &view).await;
                saved.map_err(Stop::InDoubt)
            }
            Err(error) if error.may_have_happened() => Err(Stop::InDoubt(error.into_doubt())),
            Err(FarError::External(ConsumerError::Conflict { existing: Some(id) })) => {
                let found = self.consumer.get_contact(&job.tenant(), &id).await;
                let found = found.map_err(FarError::from)?;
                let adopted = self.adopt(job, lease, (news, current), found, key).await?;
                adopted.ok_or(Stop::NotCreated(Outcome::Conflict))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Saves the pair of a contact and the one that was created for it.
    async fn save_pair(
        &self,
        job: &Job<'_>,
        lease: &Lease,
        source: &Contact,
        created: &Contact,
        key: CreationKey,
        view: &View,
    ) -> Result<Outcome, Outcome> {
        let mut retries = SAVING.start();
        loop {
            let error = match self.pairs.pair(lease, created, key, view).await {
                Ok(()) => {
                    let (botmatic, external) = Self::ids(source, created)?;
                    return Ok(Outcome::Done { botmatic, external });
                }
                // Whoever deleted the one means the other, too.
                Err(PairError::Deleted { .. }) => {
                    self.delete_on(job, source).await?;
                    self.pairs.bury(lease.clone()).await?;
                    return Ok(Outcome::Unchanged(Unchanged::Deleted));
                }
                Err(error) => error,
            };
            let left = job.deadline.remaining(self.clock.now()) / 2;
            match retries.next_pause(None, left, &self.random) {
                Some(pause) if error.is_retryable() => sleep(pause).await,
                _ => return Err(error.into()),
            }
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
            Err(error) => Err(FarError::from(error).into()),
        }
    }
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
