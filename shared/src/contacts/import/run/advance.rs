//! Page after page, and how far the part has come.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{Fuse, FusedFuture as _};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::time::timeout;

use super::Run;
use super::bring_page::Done;
use super::headway::Headway;
use super::pages::Stretch;
use super::part::End;
use super::slice::ImportError;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::Progress;
use crate::contacts::import::store::{JobError, PartLease};

/// What is waited for.
enum Next {
    Page(Option<Result<Done, End>>),
    Saved(Result<(), JobError>),
}

impl Importer {
    /// Brings over the pages of a stretch. How far the part has come is saved while others are on
    /// their way, so that none of them waits for that.
    pub(super) async fn advance(
        &self,
        run: &Run<'_>,
        lease: &PartLease,
        progress: &mut Progress,
        stretch: Stretch,
    ) -> Result<Option<End>, ImportError> {
        let is_ending = AtomicBool::new(false);
        let is_alone = progress.stalled > 0;
        let mut pages = self.pages(run, stretch, is_alone, &is_ending);
        let mut headway = Headway::new(progress, is_alone);
        let mut saving = pin!(Fuse::terminated());
        loop {
            if saving.is_terminated()
                && let Some(progress) = headway.unsaved()
            {
                saving.set(self.save_progress(lease, progress).fuse());
            }
            let next = async {
                tokio::select! {
                    saved = &mut saving, if !saving.is_terminated() => Next::Saved(saved),
                    page = pages.next() => Next::Page(page),
                }
            };
            let left = run.deadline.remaining(self.now());
            let Ok(next) = timeout(left, self.with_heartbeat(lease, next)).await else {
                // Pages that are not done by now would keep the invocation from handing over.
                tracing::warn!(import = %run.job.id, "pages of an import are given up");
                return Ok(Some(End::TimeOver));
            };
            match next {
                Ok(Next::Page(None)) => break,
                Ok(Next::Page(Some(page))) => self.take_in(run, page, &mut headway).await,
                Ok(Next::Saved(Ok(()))) => {}
                Ok(Next::Saved(Err(error))) => headway.failed(error),
                // What has begun is finished: given up, it would be in doubt.
                Err(error) => {
                    is_ending.store(true, Ordering::Relaxed);
                    run.is_given_up.store(true, Ordering::Relaxed);
                    while pages.next().await.is_some() {}
                    return Err(error.into());
                }
            }
            is_ending.fetch_or(headway.is_ended, Ordering::Relaxed);
            run.is_given_up.fetch_or(headway.is_lost, Ordering::Relaxed);
        }
        if !saving.is_terminated()
            && let Err(error) = saving.await
        {
            headway.failed(error);
        }
        Ok(headway.end()?)
    }

    /// Remembers what became of a page, unless pages do not count any more.
    async fn take_in(&self, run: &Run<'_>, page: Result<Done, End>, headway: &mut Headway<'_>) {
        if headway.is_ended {
            return;
        }
        let done = match page {
            Ok(done) => done,
            Err(end) => return headway.stop(end),
        };
        let failures = &done.result.failures;
        if !failures.is_empty() {
            let noted = self.parts.imports.jobs.note_failures(&run.job.id, failures).await;
            if let Err(error) = noted {
                return headway.failed(error);
            }
        }
        headway.page(done);
    }

    async fn save_progress(&self, lease: &PartLease, progress: Progress) -> Result<(), JobError> {
        self.parts.imports.jobs.save(lease, &progress, self.lease_until()).await
    }
}
