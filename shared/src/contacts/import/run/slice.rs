//! A slice: as much of a part as one invocation has time for.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::Run;
use super::finished::AnnouncementError;
use super::part::End;
use crate::botmatic::integrations::{Integration, IntegrationError};
use crate::contacts::consumer::Operation;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::imports::FORGOTTEN;
use crate::contacts::import::job::{DOUBTS_PART, Job, JobState, Part, Progress, Retry};
use crate::contacts::import::messages::Slice;
use crate::contacts::import::source::{
    ConsumerSource, FailedContacts, FailedOf, FileSource, InvalidFile, Source,
};
use crate::contacts::import::stop::Stop;
use crate::contacts::import::store::{JobError, PartLease, Taken};
use crate::contacts::pairs::PairError;
use crate::ground::aws::sqs::SendMessagesError;
use crate::ground::clock::Deadline;

/// Kept back of an invocation for pages that have begun, and for handing over.
const MARGIN: Duration = Duration::from_secs(15);
/// Of that, for handing over.
const HANDING_OVER: Duration = Duration::from_secs(2);
/// The pause after a slice that came no further; doubled each time, up to what a queue can delay.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_mins(15);
/// After so many such slices, some two hours, the job has failed.
const MAX_STALLED: u32 = 14;
/// Why it has, where nothing else is to blame.
const NO_PAGE: &str =
    "no page was finished within an invocation: expected smaller pages, or more time";

/// A slice could not be worked on. The message about it has to come again.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Jobs could not be read or written.
    #[error(transparent)]
    Jobs(#[from] JobError),
    /// Pairs could not be read or written.
    #[error(transparent)]
    Pairs(#[from] PairError),
    /// The integration could not be looked up.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
    /// The next slice could not be sent to the queue.
    #[error("the next slice could not be queued")]
    Queue(#[from] SendMessagesError),
    /// The end of the job could not be told.
    #[error("the end of the import could not be told")]
    Announcement(#[from] AnnouncementError),
    /// Somebody else works on the part.
    #[error("somebody else works on this part of the import")]
    Busy,
}

impl Importer {
    /// Works on a slice until `deadline`, or a little less.
    pub async fn work(&self, slice: &Slice, deadline: Deadline) -> Result<(), ImportError> {
        match self.slice(slice, deadline).await {
            // The job was ended, or somebody else has the part, who will see to it.
            Err(ImportError::Jobs(JobError::LeaseLost)) => {
                if let Some(job) = self.parts.imports.jobs.find(&slice.import).await? {
                    self.announce_soon(&job, deadline).await?;
                }
                Ok(())
            }
            worked => worked,
        }
    }

    async fn slice(&self, slice: &Slice, deadline: Deadline) -> Result<(), ImportError> {
        let jobs = &self.parts.imports.jobs;
        let Some(job) = jobs.find(&slice.import).await? else { return Ok(()) };
        if job.state != JobState::Running {
            self.announce(&job, deadline).await?;
            return Ok(());
        }
        let owner = self.parts.http.random.token();
        let taken = jobs.take(&job.id, slice.part, slice.slice, owner, self.lease_until()).await?;
        let (lease, part) = match taken {
            Taken::Part(lease, part) => (lease, *part),
            Taken::Busy => return Err(ImportError::Busy),
            Taken::Over => {
                self.close(&job, deadline).await?;
                return Ok(());
            }
        };
        if part.number == 0 && part.slice == 0 && job.parts > 1 {
            // Whoever divided the job may have ended before sending the messages about its parts.
            let slices = self.parts.imports.forgotten(&job.id, FORGOTTEN).await?;
            self.parts.imports.slices.send(&slices, Duration::ZERO, self.now()).await?;
        }
        let installed = self.parts.imports.integrations.installed(&job.request.integration).await?;
        let Some(integration) = installed else {
            self.fail(&job, "the integration is not installed", deadline).await?;
            return Ok(());
        };
        let before = part.progress.clone();
        let (progress, end) = self.run_slice(&job, &integration, &lease, part, deadline).await?;
        let is_further = is_further(&progress, &before, &end);
        let is_stuck = !is_further && before.stalled >= MAX_STALLED;
        let (wait, reason) = match end {
            End::Done => {
                jobs.finish(&lease, &progress).await?;
                self.close(&job, deadline).await?;
                return Ok(());
            }
            // However often somebody asks, it counts for no slice that came no further.
            End::TooEarly(wait) => {
                return self.hand_over(&job, slice, &lease, progress, Some(wait)).await;
            }
            End::TimeOver => (None, is_stuck.then(|| NO_PAGE.to_owned())),
            End::Stopped(Stop::Later { after, reason }) => {
                tracing::warn!(import = %job.id, part = lease.part, reason, "an import waits");
                (after.or(Some(FIRST_PAUSE)), is_stuck.then_some(reason))
            }
            End::Stopped(Stop::Fatal(reason)) => {
                let is_changed = self.is_changed(&integration).await?;
                (None, (!is_changed || is_stuck).then_some(reason))
            }
        };
        let Some(reason) = reason else {
            let stalled = if is_further { 0 } else { before.stalled + 1 };
            let progress = Progress { stalled, ..progress };
            return self.hand_over(&job, slice, &lease, progress, wait).await;
        };
        // What became of the last pages belongs to what is told of the job.
        jobs.save(&lease, &progress, self.lease_until()).await?;
        self.fail(&job, &reason, deadline).await?;
        Ok(())
    }

    /// Whether the integration has got another token or other settings since it was read: what a
    /// service has refused may be the old ones.
    async fn is_changed(&self, before: &Integration) -> Result<bool, IntegrationError> {
        let found = self.parts.imports.integrations.installed(&before.id).await?;
        Ok(found.is_some_and(|now| {
            !now.token.matches(before.token.expose()) || now.settings != before.settings
        }))
    }

    async fn run_slice(
        &self,
        job: &Job,
        integration: &Integration,
        lease: &PartLease,
        part: Part,
        deadline: Deadline,
    ) -> Result<(Progress, End), ImportError> {
        let now = self.now();
        let left = deadline.remaining(now);
        let margin = MARGIN.min(left / 4);
        let calls_until = Deadline::after(left.saturating_sub(HANDING_OVER.min(left / 10)), now);
        let source = match self.source(job, integration) {
            Ok(source) => source,
            Err(error) => return Ok((part.progress, End::Stopped(Stop::Fatal(error.to_string())))),
        };
        let run = Run {
            job,
            integration,
            source: source.as_ref(),
            deadline: calls_until,
            stop_at: now + left.saturating_sub(margin),
            is_given_up: AtomicBool::new(false),
        };
        if part.number == DOUBTS_PART {
            return self.look_again(&run, lease, part).await;
        }
        self.work_on(&run, lease, part).await
    }

    fn source<'a>(
        &'a self,
        job: &'a Job,
        integration: &'a Integration,
    ) -> Result<Box<dyn Source + 'a>, InvalidFile> {
        let consumer = self.parts.consumer.as_ref();
        let jobs = &self.parts.imports.jobs;
        let all: Box<dyn Source> = match &job.request.source {
            None => Box::new(ConsumerSource::new(consumer, integration)),
            Some(file) => {
                let (mappings, files) = (self.parts.mappings.clone(), self.parts.files.clone());
                Box::new(FileSource::new(file.clone(), mappings, files)?)
            }
        };
        Ok(match &job.retry {
            None => all,
            Some(Retry { of, .. }) => {
                let can_ask = consumer.offers(Operation::GetContact);
                if job.request.source.is_none() && can_ask {
                    Box::new(FailedContacts { jobs, of, consumer, integration, calls: &self.calls })
                } else {
                    Box::new(FailedOf { jobs, of, all })
                }
            }
        })
    }

    /// Hands a part over to its next slice: at once if this one came further.
    async fn hand_over(
        &self,
        job: &Job,
        slice: &Slice,
        lease: &PartLease,
        progress: Progress,
        wait: Option<Duration>,
    ) -> Result<(), ImportError> {
        let delay = pause_after(progress.stalled).max(wait.unwrap_or_default());
        let next = self.parts.imports.jobs.hand_over(lease, &progress).await?;
        let next = Slice { import: job.id.clone(), part: slice.part, slice: next };
        self.parts.imports.slices.send(&[next], delay.min(LONGEST_PAUSE), self.now()).await?;
        Ok(())
    }
}

/// The pause after so many slices in a row that came no further.
fn pause_after(stalled: u32) -> Duration {
    match stalled.checked_sub(1) {
        None => Duration::ZERO,
        Some(doubled) => FIRST_PAUSE.saturating_mul(1 << doubled.min(10)).min(LONGEST_PAUSE),
    }
}

/// Whether a slice has come further. One that was stopped and has brought over nothing has not,
/// though there are more contacts in doubt.
fn is_further(progress: &Progress, before: &Progress, end: &End) -> bool {
    let (counts, earlier) = (progress.counts, before.counts);
    let is_in_vain = counts.seen - earlier.seen == counts.doubtful - earlier.doubtful;
    let is_stopped = matches!(end, End::Stopped(_));
    progress.cursor != before.cursor && !(is_stopped && is_in_vain && counts.seen > earlier.seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_is_doubled_up_to_what_a_queue_can_delay() {
        for (stalled, seconds) in [(0, 0), (1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (14, 900)]
        {
            assert_eq!(pause_after(stalled), Duration::from_secs(seconds), "{stalled}");
        }
        let all: Duration = (1..=MAX_STALLED).map(pause_after).sum();
        assert!(all.as_secs().abs_diff(2 * 60 * 60) < 15 * 60, "some two hours: {all:?}");
    }
}
