//! Creations of which it is not known whether they took place, and how that is found out.

use super::create::Stop;
use super::news::News;
use super::operations::{Job, Sync};
use super::outcome::Outcome;
use super::pairing::Patience;
use super::update::Current;
use crate::contacts::Side;
use crate::contacts::consumer::Operation;
use crate::contacts::pairs::{Contact, CreationKey, Lease, View};
use crate::ground::clock::Timestamp;

impl Sync {
    /// Whether a creation that was begun at `since` may still show: by the end of that time the
    /// service would have told of the contact, or finds it.
    pub(super) fn is_in_doubt(&self, since: Timestamp) -> bool {
        self.clock.now().since(since) < self.settle
    }

    /// Whether `side` recognises a creation that is repeated.
    pub(super) fn is_recognised(&self, side: Side) -> bool {
        side == Side::External && self.consumer.recognises_repetitions()
    }

    /// The time to come back is when the doubt ends.
    pub(super) fn in_doubt(&self, since: Timestamp) -> Outcome {
        let after = self.settle.saturating_sub(self.clock.now().since(since));
        let reason = "it is not known yet whether the contact was created".to_owned();
        Outcome::RetryLater { after: Some(after), reason }
    }

    /// The contact that the event is about is the one whose creation for `creator` was in doubt:
    /// the two are a pair. Where the external contact was there first, and can be read, what it
    /// holds counts: it may have been changed since.
    pub(super) async fn recognise(
        &self,
        job: &Job<'_>,
        lease: Lease,
        (news, current): (News, Current),
        creator: Contact,
        key: CreationKey,
    ) -> Result<Outcome, Outcome> {
        if let Contact::External(id) = &creator
            && self.consumer.offers(Operation::GetContact)
            && let Some(found) = self.read(job, id).await?
        {
            match self.adopt(job, &lease, (&news, &current), found, key).await {
                Ok(Some(outcome)) => return Ok(outcome),
                Ok(None) => {}
                Err(Stop::InDoubt(outcome) | Stop::NotCreated(outcome)) => return Err(outcome),
            }
        }
        let both = (&news.contact, &creator);
        // Whoever has the creator now may be waiting for this contact.
        match self.save_pair(job, &lease, both, key, &View::default(), Patience::None).await? {
            Outcome::Done { .. } => Ok(Box::pin(self.tell(job, news)).await),
            deleted => Ok(deleted),
        }
    }
}
