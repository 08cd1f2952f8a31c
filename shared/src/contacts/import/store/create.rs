//! Starting a job, and dividing it.

use super::item::{KEPT_FOR, OPEN, as_json, seal_request, text as text_of};
use super::jobs::{JobError, Jobs, Started};
use super::lease::PartLease;
use crate::contacts::consumer::Cursor;
use crate::contacts::import::job::{DOUBTS_PART, JobId, JobState, Progress, Retry};
use crate::contacts::import::request::ImportRequest;
use crate::ground::aws::dynamodb::{Action, Condition, Transaction, Write, number, text};

/// It expires with the job: one that was never ended must not be in the way for ever.
const ACTIVE: &str = "SET job = :job, expires_at = :expires";
const NONE_RUNS: &str = "attribute_not_exists(job) OR job = :job";
const JOB: &str = "SET job_request = :request, job_state = :running, parts = :one, \
     open_parts = :one, started_at = :now, expires_at = :expires";
const PART: &str = "SET progress = :progress, part_state = :open, slice = :zero, \
     updated_at = :now, expires_at = :expires";
const DIVIDE: &str = "SET parts = :parts, open_parts = :parts, job_total = :total";
const UNDIVIDED: &str = "parts = :one AND job_state = :running";
const ADD_DOUBTS: &str = "SET parts = parts + :one, open_parts = :one";
const ALL_OVER: &str = "open_parts = :zero AND job_state = :running";
const NEW: &str = "attribute_not_exists(part_state)";

impl Jobs {
    /// Starts a job of one part, unless the integration has one that runs.
    pub async fn start(
        &self,
        id: &JobId,
        request: &ImportRequest,
        retry: Option<&Retry>,
    ) -> Result<Started, JobError> {
        let active = self
            .active(id)
            .update(ACTIVE)
            .on_condition(NONE_RUNS)
            .value(":job", text(id.run()))
            .value(":expires", number((self.clock.now() + KEPT_FOR).as_secs()))
            .returning_refused();
        let mut job = self
            .job(id)
            .update(if retry.is_some() { format!("{JOB}, job_retry = :retry") } else { JOB.into() })
            .value(":request", seal_request(&self.sealer, id, request)?)
            .value(":running", text(JobState::Running.as_str()))
            .value(":one", number(1));
        if let Some(retry) = retry {
            job = job.value(":retry", as_json(retry)?);
        }
        let job = self.at_now(job);
        let part = self.new_part(id, 0, Cursor::Start, None)?;
        let actions = [Action::Update(active), Action::Update(job), Action::Update(part)];
        let refused = match self.client.transact(&actions).await? {
            Transaction::Done => return Ok(Started::New),
            Transaction::Refused(refused) => refused,
        };
        let Some(Condition::Failed(Some(active))) = refused.into_iter().next() else {
            return Err(JobError::LeaseLost);
        };
        let running = text_of(&active, "job").unwrap_or_default();
        let running = JobId::of_run(id.integration(), running);
        Ok(Started::Running(running.map_err(|_| JobError::Corrupt("an id"))?))
    }

    /// Divides a job of one part: that part ends at the first of `starts`, where the next one
    /// begins, and so on. There is one at least. False if it was divided before.
    pub async fn divide(
        &self,
        lease: &PartLease,
        starts: &[Cursor],
        total: u64,
    ) -> Result<bool, JobError> {
        let id = &lease.job;
        let parts = u64::try_from(starts.len() + 1).unwrap_or(u64::MAX);
        let job = self
            .job(id)
            .update(DIVIDE)
            .on_condition(UNDIVIDED)
            .value(":one", number(1))
            .value(":parts", number(parts))
            .value(":running", text(JobState::Running.as_str()))
            .value(":total", number(total));
        let mut actions = vec![Action::Update(job)];
        if let Some(first) = starts.first() {
            let ours = self.ours(lease).update("SET end_at = :end").value(":end", as_json(first)?);
            actions.push(Action::Update(ours));
        }
        for (number, start) in (1..).zip(starts) {
            let end = usize::try_from(number).ok().and_then(|next| starts.get(next));
            let part = self.new_part(id, number, start.clone(), end)?;
            actions.push(Action::Update(part.on_condition(NEW)));
        }
        match self.client.transact(&actions).await? {
            Transaction::Done => Ok(true),
            Transaction::Refused(refused) => match refused.get(1) {
                // The part is ours: it may be an earlier attempt whose answer was lost. If nobody
                // knows whose it is, the next write to the part will tell.
                Some(Condition::Held | Condition::Unknown) => self.is_divided(id, starts).await,
                _ => Ok(false),
            },
        }
    }

    /// Whether the job is divided just so.
    async fn is_divided(&self, id: &JobId, starts: &[Cursor]) -> Result<bool, JobError> {
        let parts = self.parts(id).await?;
        let ends = parts.iter().filter_map(|part| part.end.as_ref());
        Ok(parts.len() == starts.len() + 1 && ends.eq(starts))
    }

    /// Notes how many contacts there are.
    pub async fn note_total(&self, id: &JobId, total: u64) -> Result<(), JobError> {
        let note = self
            .job(id)
            .update("SET job_total = :total")
            .on_condition("attribute_exists(job_state)")
            .value(":total", number(total));
        self.client.update(&note).await?;
        Ok(())
    }

    /// Adds the part that looks again at what is in doubt, once all others are done. That it is
    /// there already is fine.
    pub async fn add_doubts(&self, id: &JobId) -> Result<(), JobError> {
        let job = self
            .job(id)
            .update(ADD_DOUBTS)
            .on_condition(ALL_OVER)
            .value(":one", number(1))
            .value(":zero", number(0))
            .value(":running", text(JobState::Running.as_str()));
        let part = self.new_part(id, DOUBTS_PART, Cursor::Start, None)?.on_condition(NEW);
        self.client.transact(&[Action::Update(job), Action::Update(part)]).await?;
        Ok(())
    }

    fn new_part(
        &self,
        id: &JobId,
        part: u32,
        cursor: Cursor,
        end: Option<&Cursor>,
    ) -> Result<Write<'_>, JobError> {
        let progress = Progress { cursor, ..Progress::default() };
        let write = self
            .part(id, part)
            .value(":progress", as_json(&progress)?)
            .value(":open", text(OPEN))
            .value(":zero", number(0));
        let write = match end {
            None => write.update(PART),
            Some(end) => {
                write.update(format!("{PART}, end_at = :end")).value(":end", as_json(end)?)
            }
        };
        Ok(self.at_now(write))
    }

    /// The values `:now` and `:expires`.
    pub(super) fn at_now<'a>(&self, write: Write<'a>) -> Write<'a> {
        let now = self.clock.now();
        write
            .value(":now", number(now.as_millis()))
            .value(":expires", number((now + KEPT_FOR).as_secs()))
    }
}
