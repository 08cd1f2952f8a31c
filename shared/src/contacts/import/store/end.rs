//! The end of a job, which comes once.

use super::item::{OVER, text as text_of};
use super::jobs::{JobError, Jobs};
use crate::contacts::import::job::{JobId, JobState};
use crate::ground::aws::dynamodb::{Action, Condition, Transaction, number, text};

const END: &str = "SET job_state = :ended, ended_at = :now, open_parts = :zero, \
     expires_at = :expires, last_owner = :owner";
const RUNNING: &str = "job_state = :running";
const AS_READ: &str = " AND parts = :parts";
const ALL_OVER: &str = " AND open_parts = :zero";
const END_PART: &str = "SET part_state = :over REMOVE lease_owner, lease_until";

impl Jobs {
    /// Ends a job of which every part is done, on behalf of `owner`, who is nobody else and asks once.
    /// True for the one who has ended it.
    pub async fn finish_job(&self, id: &JobId, owner: &str) -> Result<bool, JobError> {
        let job = self
            .job(id)
            .update(END)
            .on_condition(format!("{RUNNING}{ALL_OVER}"))
            .value(":running", text(JobState::Running.as_str()))
            .value(":ended", text(JobState::Finished.as_str()))
            .value(":zero", number(0))
            .value(":owner", text(owner))
            .returning_refused();
        let actions = [Action::Update(self.at_now(job)), self.nothing_runs(id)];
        Ok(is_ended(self.client.transact(&actions).await?, owner))
    }

    /// Ends a job that is not finished, with all of its parts: whoever works on one learns it with
    /// the next page. `owner` is as for [`finish_job`](Self::finish_job). True for the one who has
    /// ended it, false if it had ended.
    pub async fn stop(
        &self,
        id: &JobId,
        state: JobState,
        reason: Option<&str>,
        owner: &str,
    ) -> Result<bool, JobError> {
        // A second round where it was divided meanwhile.
        for _ in 0..3 {
            let job = self.find(id).await?.ok_or(JobError::NotFound)?;
            if job.state != JobState::Running {
                return Ok(false);
            }
            let parts = self.parts(id).await?;
            let end = match reason {
                None => self.job(id).update(END),
                Some(reason) => self
                    .job(id)
                    .update(format!("{END}, job_reason = :reason"))
                    .value(":reason", text(reason)),
            };
            let end = end
                .on_condition(format!("{RUNNING}{AS_READ}"))
                .value(":running", text(JobState::Running.as_str()))
                .value(":parts", number(u64::from(job.parts)))
                .value(":ended", text(state.as_str()))
                .value(":zero", number(0))
                .value(":owner", text(owner))
                .returning_refused();
            let mut actions = vec![Action::Update(self.at_now(end)), self.nothing_runs(id)];
            actions.extend(parts.iter().map(|part| {
                let part = self.part(id, part.number).update(END_PART);
                Action::Update(part.value(":over", text(OVER)))
            }));
            if is_ended(self.client.transact(&actions).await?, owner) {
                return Ok(true);
            }
        }
        Err(JobError::LeaseLost)
    }

    /// Notes that the end of a job was told, unless that is noted already.
    pub async fn announced(&self, id: &JobId) -> Result<(), JobError> {
        let note = self
            .job(id)
            .update("SET announced_at = :now")
            .on_condition("attribute_exists(job_state) AND attribute_not_exists(announced_at)")
            .value(":now", number(self.clock.now().as_millis()));
        self.client.update(&note).await?;
        Ok(())
    }

    fn nothing_runs(&self, id: &JobId) -> Action<'_> {
        let ours = self.active(id).on_condition("job = :job").value(":job", text(id.run()));
        Action::Delete(ours)
    }
}

/// Whether a transaction that begins with the job has ended it, or an earlier attempt of `owner`
/// had, whose answer was lost.
fn is_ended(outcome: Transaction, owner: &str) -> bool {
    match outcome {
        Transaction::Done => true,
        Transaction::Refused(refused) => match refused.into_iter().next() {
            Some(Condition::Failed(Some(job))) => text_of(&job, "last_owner") == Some(owner),
            _ => false,
        },
    }
}
