//! A part: its pages, and after each of them how far it has come.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::{Instant, interval_at};

use super::Run;
use super::lane::Done;
use super::step::{Step, divide, is_past};
use crate::contacts::consumer::{Cursor, Page};
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{MAX_EXAMPLES, Part, Progress};
use crate::contacts::import::jobs::{JobError, PartLease};
use crate::contacts::import::page::{PageResult, Stop};
use crate::contacts::import::slices::Slice;
use crate::ground::clock::Timestamp;

use super::slice::ImportError;

/// A part is somebody else's after this, if nothing was heard of it.
pub(in crate::contacts) const LEASE: Duration = Duration::from_secs(6);
/// How often something is.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// A part with fewer contacts is not worth a function of its own.
const MIN_PART: u64 = 1_000;

/// Why there is nothing more to do for now.
pub(super) enum End {
    /// The part is done.
    Done,
    /// The time is over.
    TimeOver,
    /// Nothing more can be done.
    Stopped(Stop),
}

impl Importer {
    /// Works on a part until it is done, or the time is over.
    pub(super) async fn work_on(
        &self,
        run: &Run<'_>,
        lease: &PartLease,
        part: Part,
    ) -> Result<(Progress, End), ImportError> {
        let Part { mut progress, mut end, number, .. } = part;
        loop {
            if is_past(&progress.cursor, end.as_ref()) {
                return Ok((progress, End::Done));
            }
            if self.time_left(run).is_zero() {
                return Ok((progress, End::TimeOver));
            }
            let first = match self.with_heartbeat(lease, self.fetch(run, &progress.cursor)).await? {
                Ok(first) => first,
                Err(stop) => return Ok((progress, End::Stopped(stop))),
            };
            if number == 0 && run.job.parts == 1 && progress.counts.seen == 0 {
                end = self.divide(run, lease, &progress, &first).await?;
            }
            let is_ending = AtomicBool::new(false);
            let is_alone = progress.stalled > 0;
            let at = (&progress.cursor, first);
            let mut pages = self.pages(run, at, end.clone(), is_alone, &is_ending);
            // Once the pages end here, what was begun after them is read once more.
            let (mut is_ended, mut stopped, mut lost) = (false, None, false);
            loop {
                let done = match self.with_heartbeat(lease, pages.next()).await {
                    Ok(None) => break,
                    Ok(Some(done)) => done,
                    // What has begun is finished: given up, it would be in doubt.
                    Err(error) => {
                        is_ending.store(true, Ordering::Relaxed);
                        run.is_given_up.store(true, Ordering::Relaxed);
                        while pages.next().await.is_some() {}
                        return Err(error.into());
                    }
                };
                if is_ended {
                    continue;
                }
                match done {
                    Err(stop) => (is_ended, stopped) = (true, Some(End::Stopped(stop))),
                    Ok(Done { next, is_as_expected, result }) => {
                        is_ended = !is_as_expected || next.is_none();
                        let noted = self.note(run, lease, &mut progress, result, next).await;
                        match noted {
                            Ok(false) => {}
                            Ok(true) => stopped = Some(End::Done),
                            Err(JobError::LeaseLost) => {
                                lost = true;
                                run.is_given_up.store(true, Ordering::Relaxed);
                            }
                            Err(error) => stopped = Some(End::Stopped(Stop::from(error))),
                        }
                        is_ended |= stopped.is_some() || lost;
                    }
                }
                is_ending.fetch_or(is_ended, Ordering::Relaxed);
            }
            if lost {
                return Err(JobError::LeaseLost.into());
            }
            if let Some(end) = stopped {
                return Ok((progress, end));
            }
        }
    }

    /// Remembers what became of a page, and where the next one is; true if there is none.
    async fn note(
        &self,
        run: &Run<'_>,
        lease: &PartLease,
        progress: &mut Progress,
        result: PageResult,
        next: Option<Cursor>,
    ) -> Result<bool, JobError> {
        let jobs = &self.parts.imports.jobs;
        let PageResult { counts, failures, examples } = result;
        if !failures.is_empty() {
            jobs.note_failures(&run.job.id, &failures).await?;
        }
        progress.counts += counts;
        progress.stalled = 0;
        progress.examples.extend(examples);
        progress.examples.truncate(MAX_EXAMPLES);
        // The end of a part is saved with its last page.
        let Some(next) = next else { return Ok(true) };
        progress.cursor = next;
        jobs.save(lease, progress, self.lease_until()).await?;
        Ok(false)
    }

    /// Divides the job, if that is worth it; says where the first part ends then.
    async fn divide(
        &self,
        run: &Run<'_>,
        lease: &PartLease,
        progress: &Progress,
        first: &Page,
    ) -> Result<Option<Cursor>, ImportError> {
        let Some(total) = first.total else { return Ok(None) };
        let page = u64::try_from(first.contacts.len() + first.unreadable.len()).unwrap_or(u64::MAX);
        let step = first.next.as_ref().and_then(|next| Step::between(&progress.cursor, next));
        let parts = self.parts.config.functions.min(total / MIN_PART);
        let starts = match (step, &first.next) {
            (Some(step), Some(next)) if parts > 1 && self.parts.imports.slices.is_queue() => {
                divide(step, next, total.saturating_sub(page), page, parts)
            }
            _ => Vec::new(),
        };
        if !self.parts.imports.jobs.divide(lease, &starts, total).await? {
            return Err(JobError::LeaseLost.into());
        }
        let slices: Vec<_> = (1..)
            .zip(&starts)
            .map(|(part, _)| Slice { import: run.job.id.clone(), part, slice: 0 })
            .collect();
        self.parts.imports.slices.send(&slices, Duration::ZERO, self.now()).await?;
        Ok(starts.into_iter().next())
    }

    /// Waits for something, and keeps the part meanwhile. An error only if it is ours no more.
    pub(super) async fn with_heartbeat<T>(
        &self,
        lease: &PartLease,
        work: impl Future<Output = T>,
    ) -> Result<T, JobError> {
        let mut work = pin!(work);
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                _ = heartbeat.tick() => {
                    match self.parts.imports.jobs.keep(lease, self.lease_until()).await {
                        Err(error) if error.is_retryable() => {
                            let error = &error as &dyn std::error::Error;
                            tracing::warn!(error, "a heartbeat of an import is missing");
                        }
                        kept => kept?,
                    }
                }
            }
        }
    }

    pub(super) fn lease_until(&self) -> Timestamp {
        self.now() + LEASE
    }
}

impl From<JobError> for Stop {
    fn from(error: JobError) -> Self {
        let reason = error.to_string();
        if error.is_retryable() { Self::Later { after: None, reason } } else { Self::Fatal(reason) }
    }
}
