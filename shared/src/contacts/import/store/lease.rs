//! Taking a part, saving how far it has come, and giving it back.

use super::item::{OPEN, OVER, as_json, part_of, text as text_of};
use super::jobs::{JobError, Jobs};
use crate::contacts::import::job::{JobId, Part, Progress};
use crate::ground::aws::dynamodb::{
    Action, AttributeValue, Condition, Item, Transaction, Write, WriteOutcome, number, text,
};
use crate::ground::clock::Timestamp;

const TAKE: &str = "SET lease_owner = :owner, lease_until = :until";
const FREE: &str = "part_state = :open AND slice <= :newest AND \
     (attribute_not_exists(lease_until) OR lease_until <= :now OR lease_owner = :owner)";
const OURS: &str = "part_state = :open AND lease_owner = :owner";
const SAVE: &str = "SET progress = :progress, lease_until = :until, updated_at = :now, \
     expires_at = :expires";
const KEEP: &str = "SET lease_until = :until";
const HAND_OVER: &str = "SET progress = :progress, slice = slice + :one, last_owner = :owner \
     REMOVE lease_owner, lease_until";
const FINISH: &str = "SET progress = :progress, part_state = :over, updated_at = :now, \
     last_owner = :owner, expires_at = :expires REMOVE lease_owner, lease_until";

/// The right to work on a part.
#[derive(Clone, Debug)]
pub struct PartLease {
    /// Of which job.
    pub job: JobId,
    /// Which part.
    pub part: u32,
    /// How often it was handed over before.
    pub slice: u32,
    pub(super) owner: String,
}

/// What became of taking a part.
#[derive(Debug)]
pub enum Taken {
    /// It is ours.
    Part(PartLease, Box<Part>),
    /// Somebody else works on it.
    Busy,
    /// It is done, or was handed on since, or there is none.
    Over,
}

impl Jobs {
    /// Takes a part until `until`, on behalf of a message about its slice `slice`.
    ///
    /// A slice is handed over by counting it, and then sending the message about the next one.
    /// Whoever ends in between leaves a part whose next slice nobody was told of; so the message
    /// about the last slice may begin the next one as well.
    pub async fn take(
        &self,
        id: &JobId,
        part: u32,
        slice: u32,
        owner: String,
        until: Timestamp,
    ) -> Result<Taken, JobError> {
        let take = self
            .part(id, part)
            .update(TAKE)
            .on_condition(FREE)
            .value(":owner", text(&owner))
            .value(":until", number(until.as_millis()))
            .value(":now", number(self.clock.now().as_millis()))
            .value(":open", text(OPEN))
            .value(":newest", number(u64::from(slice) + 1))
            .returning_old()
            .returning_refused();
        match self.client.update(&take).await? {
            WriteOutcome::Done(Some(item)) => {
                let found = part_of(&item)?;
                let lease = PartLease { job: id.clone(), part, slice: found.slice, owner };
                Ok(Taken::Part(lease, Box::new(found)))
            }
            WriteOutcome::Done(None) | WriteOutcome::Refused(None) => Ok(Taken::Over),
            WriteOutcome::Refused(Some(item)) => {
                let part = part_of(&item)?;
                let is_over = part.is_over || part.slice > slice + 1;
                Ok(if is_over { Taken::Over } else { Taken::Busy })
            }
        }
    }

    /// Everything before the cursor is done; the part stays ours until `until`.
    pub async fn save(
        &self,
        lease: &PartLease,
        progress: &Progress,
        until: Timestamp,
    ) -> Result<(), JobError> {
        let save = self
            .ours(lease)
            .update(SAVE)
            .value(":progress", as_json(progress)?)
            .value(":until", number(until.as_millis()));
        self.write(&self.at_now(save)).await
    }

    /// The part stays ours until `until`.
    pub async fn keep(&self, lease: &PartLease, until: Timestamp) -> Result<(), JobError> {
        let keep = self.ours(lease).update(KEEP).value(":until", number(until.as_millis()));
        self.write(&keep).await
    }

    /// Gives the part back for its next slice, and says which one that is.
    pub async fn hand_over(&self, lease: &PartLease, progress: &Progress) -> Result<u32, JobError> {
        let hand_over = self
            .ours(lease)
            .update(HAND_OVER)
            .value(":progress", as_json(progress)?)
            .value(":one", number(1))
            .returning_refused();
        let next = lease.slice + 1;
        match self.client.update(&hand_over).await? {
            WriteOutcome::Done(_) => Ok(next),
            // An earlier attempt whose answer was lost.
            WriteOutcome::Refused(Some(item))
                if was_ours(&item, lease) && part_of(&item)?.slice == next =>
            {
                Ok(next)
            }
            WriteOutcome::Refused(_) => Err(JobError::LeaseLost),
        }
    }

    /// The part is done. Its job has one less that is not.
    pub async fn finish(&self, lease: &PartLease, progress: &Progress) -> Result<(), JobError> {
        let part = self
            .ours(lease)
            .update(FINISH)
            .value(":progress", as_json(progress)?)
            .value(":over", text(OVER))
            .returning_refused();
        let job = self
            .job(&lease.job)
            .update("ADD open_parts :less")
            .on_condition("attribute_exists(job_state)")
            .value(":less", AttributeValue::N("-1".to_owned()));
        let actions = [Action::Update(self.at_now(part)), Action::Update(job)];
        match self.client.transact(&actions).await? {
            Transaction::Done => Ok(()),
            Transaction::Refused(refused) => {
                let Some(Condition::Failed(Some(item))) = refused.into_iter().next() else {
                    return Err(JobError::LeaseLost);
                };
                // An earlier attempt whose answer was lost.
                let is_over = was_ours(&item, lease) && part_of(&item)?.is_over;
                is_over.then_some(()).ok_or(JobError::LeaseLost)
            }
        }
    }

    /// A write to a part, on condition that it is open and ours.
    pub(super) fn ours(&self, lease: &PartLease) -> Write<'_> {
        self.part(&lease.job, lease.part)
            .on_condition(OURS)
            .value(":open", text(OPEN))
            .value(":owner", text(&lease.owner))
    }

    async fn write(&self, write: &Write<'_>) -> Result<(), JobError> {
        match self.client.update(write).await? {
            WriteOutcome::Done(_) => Ok(()),
            WriteOutcome::Refused(_) => Err(JobError::LeaseLost),
        }
    }
}

/// Whether it was the owner of this lease who gave the part back.
fn was_ours(item: &Item, lease: &PartLease) -> bool {
    text_of(item, "last_owner") == Some(&lease.owner)
}
