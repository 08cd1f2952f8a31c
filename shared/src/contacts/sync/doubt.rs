//! Creations of which it is not known whether they took place, and how that is found out.

use super::adopt::Adoption;
use super::claim::StillClaimed;
use super::create::Stop;
use super::news::News;
use super::operations::{Job, Sync};
use super::outcome::{Obstacle, Outcome, Unchanged};
use super::pairing::{Pairing, Patience};
use super::update::Current;
use crate::contacts::Side;
use crate::contacts::consumer::Operation;
use crate::contacts::pairs::{Contact, CreationKey, Lease, View};
use crate::ground::clock::Timestamp;

/// A creation of which it is not known whether it took place.
pub(super) struct Doubt {
    /// For which contact.
    pub creator: Contact,
    /// Under which key.
    pub key: CreationKey,
    /// What both hold if it has, and neither was changed since.
    pub sent: View,
}

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
        Outcome::RetryLater { after: Some(after), reason, obstacle: Obstacle::Contact }
    }

    /// The contact that the event is about is the one whose creation was in doubt: the two are a
    /// pair. Where the external contact was there first, and can be read, it is adopted: it may have
    /// been changed since. Otherwise what still is as it was sent is our own echo, and the creator's
    /// to change; everything else is news.
    pub(super) async fn recognise(
        &self,
        job: &Job<'_>,
        lease: Lease,
        news: News,
        current: Current,
        doubt: Doubt,
    ) -> Result<Outcome, StillClaimed> {
        let Doubt { creator, key, sent } = doubt;
        if let Contact::External(id) = &creator
            && self.consumer.offers(Operation::GetContact)
            && let Some(found) = self.read(job, id).await?
        {
            let (news, current, sent) = (&news, &current, &sent);
            match self.adopt(job, &lease, Adoption { news, current, found, key, sent }).await {
                Ok(Some(outcome)) => return Ok(outcome),
                Ok(None) => {}
                Err(Stop::InDoubt(outcome) | Stop::NotCreated(outcome)) => {
                    return Err(StillClaimed(outcome));
                }
            }
        }
        let mapped = self.map(creator.side(), &current);
        let source = |name: &str| mapped.entry(name).map(|entry| &entry.source);
        let mut view = sent.where_held(news.side(), source);
        view.last_written = Some(self.clock.now());
        let pairing = Pairing { source: &news.contact, created: &creator, key, view: &view };
        // Whoever has the creator now may be waiting for this contact.
        match self.save_pair(job, &lease, pairing, Patience::OneAttempt).await? {
            // It was created for the other side's, and nothing for it.
            Outcome::Done { botmatic, external, .. } => {
                Ok(match Box::pin(self.handle_event(job, news)).await {
                    Outcome::Unchanged(Unchanged::Echo) => {
                        Outcome::Done { botmatic, external, is_new: false }
                    }
                    outcome => outcome,
                })
            }
            deleted => Ok(deleted),
        }
    }
}
