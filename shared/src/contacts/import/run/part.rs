//! A part: its pages, and after each of them how far it has come.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, interval_at};

use super::Run;
use super::pages::Stretch;
use super::slice::ImportError;
use super::step::{Step, divide, is_past};
use crate::contacts::consumer::{Cursor, Page};
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Part, Progress};
use crate::contacts::import::messages::Slice;
use crate::contacts::import::stop::Stop;
use crate::contacts::import::store::{JobError, PartLease};
use crate::ground::clock::Timestamp;

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
    /// It is too early: the part waits on purpose, and so long.
    TooEarly(Duration),
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
                end = self.divide(run, lease, &progress, &first.page).await?;
            }
            let stretch = Stretch { at: progress.cursor.clone(), first, end: end.clone() };
            if let Some(end) = self.advance(run, lease, &mut progress, stretch).await? {
                return Ok((progress, end));
            }
        }
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
        let page = first.items();
        let step = first.next.as_ref().and_then(|next| Step::between(&progress.cursor, next));
        let parts = self.parts.config.functions.min(total / MIN_PART);
        let starts = match (step, &first.next) {
            (Some(step), Some(next)) if parts > 1 && self.parts.imports.slices.is_queue() => {
                divide(step, next, total.saturating_sub(page), page, parts)
            }
            _ => Vec::new(),
        };
        if starts.is_empty() {
            self.parts.imports.jobs.note_total(&run.job.id, total).await?;
            return Ok(None);
        }
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
