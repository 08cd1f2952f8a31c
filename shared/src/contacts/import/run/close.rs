//! The end of a job: once, whoever does the last part, and told until it was heard.

use std::time::Duration;

use super::finished::{Finished, TIMEOUT};
use super::slice::ImportError;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Counts, DOUBTS_PART, Job, JobState};
use crate::contacts::import::messages::Slice;
use crate::ground::clock::Deadline;
use crate::ground::metrics::{self, Metric};

impl Importer {
    /// Ends a job of which every part is done. Contacts in doubt are looked at once more before
    /// that: by then Botmatic has told of those that it has created.
    pub(super) async fn close(&self, job: &Job, deadline: Deadline) -> Result<(), ImportError> {
        let jobs = &self.parts.imports.jobs;
        let parts = jobs.parts(&job.id).await?;
        if parts.iter().any(|part| !part.is_over && part.number != DOUBTS_PART) {
            return Ok(());
        }
        let counts = Counts::of(&parts);
        let doubts = parts.iter().find(|part| part.number == DOUBTS_PART);
        let writes = job.request.writes();
        if doubts.is_none() && counts.doubtful > 0 && writes {
            jobs.add_doubts(&job.id).await?;
        }
        let is_open = doubts.map_or(counts.doubtful > 0 && writes, |part| !part.is_over);
        if is_open {
            let doubts = Slice { import: job.id.clone(), part: DOUBTS_PART, slice: 0 };
            self.parts.imports.slices.send(&[doubts], self.parts.settle, self.now()).await?;
            return Ok(());
        }
        if jobs.finish_job(&job.id, &self.parts.http.random.token()).await? {
            tracing::info!(import = %job.id, seen = counts.seen, failed = counts.failed, "import finished");
        }
        if let Some(job) = jobs.find(&job.id).await? {
            self.announce_soon(&job, deadline).await?;
        }
        Ok(())
    }

    /// Ends a job that cannot go on.
    pub(super) async fn fail(
        &self,
        job: &Job,
        reason: &str,
        deadline: Deadline,
    ) -> Result<(), ImportError> {
        let (jobs, owner) = (&self.parts.imports.jobs, self.parts.http.random.token());
        if jobs.stop(&job.id, JobState::Failed, Some(reason), &owner).await? {
            tracing::error!(import = %job.id, reason, "import failed");
            metrics::count(Metric::ImportsFailed, &self.parts.service, "contacts", self.now());
        }
        if let Some(job) = jobs.find(&job.id).await? {
            self.announce_soon(&job, deadline).await?;
        }
        Ok(())
    }

    /// Tells of the end of a job, at the end of an invocation that has worked on it. If there is not
    /// the time for an answer, the next slice finds nothing else to do.
    pub(super) async fn announce_soon(
        &self,
        job: &Job,
        deadline: Deadline,
    ) -> Result<(), ImportError> {
        let (slices, now) = (&self.parts.imports.slices, self.now());
        let is_late = deadline.remaining(now) < TIMEOUT;
        if is_late && slices.is_queue() && self.to_be_told(job).is_some() {
            let next = Slice { import: job.id.clone(), part: 0, slice: 0 };
            slices.send(&[next], Duration::ZERO, now).await?;
            return Ok(());
        }
        self.announce(job, deadline).await
    }

    /// Tells of the end of a job, unless that was done. Whoever is told may be told twice, with the
    /// same id.
    pub(super) async fn announce(&self, job: &Job, deadline: Deadline) -> Result<(), ImportError> {
        let Some(finished) = self.to_be_told(job) else { return Ok(()) };
        let parts = self.parts.imports.jobs.parts(&job.id).await?;
        let counts = Counts::of(&parts);
        finished.tell(&self.parts.http, job, counts, deadline).await?;
        self.parts.imports.jobs.announced(&job.id).await?;
        Ok(())
    }

    /// Who is to be told of the end of a job, and was not yet.
    fn to_be_told(&self, job: &Job) -> Option<&Finished> {
        let is_untold = job.state != JobState::Running && !job.is_announced;
        self.parts.config.finished.as_ref().filter(|_| is_untold)
    }
}
