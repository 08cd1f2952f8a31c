//! Page after page, and how far the part has come.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{Fuse, FusedFuture as _};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::time::timeout;

use super::Run;
use super::lane::Done;
use super::part::End;
use super::slice::ImportError;
use crate::contacts::consumer::{Cursor, Page};
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{MAX_EXAMPLES, Progress};
use crate::contacts::import::jobs::{JobError, PartLease};
use crate::contacts::import::page::PageResult;
use crate::contacts::import::stop::Stop;

/// So many pages in a row may get no answer of Botmatic's. Every further one would be in doubt as well.
const MAX_OUTAGES: u32 = 3;

/// Why a list without an end is not read on.
const CIRCLE: &str =
    "the list goes round in a circle: expected a next page that was not read before";

/// The same of one that is counted through, as where the service knows nothing of page numbers.
const SAME_PAGE: &str =
    "the list shows the same contacts again and again: expected each page to be another one";
/// How often in a row a page may come again. Once may be chance: something was added before it.
const MAX_SAME: u32 = 2;

/// What is waited for.
enum Next {
    Page(Option<Result<Done, End>>),
    Saved(Result<(), JobError>),
}

/// Why pages are not looked at any more, though some may be on their way.
#[derive(Default)]
struct Ending {
    /// Pages end here, or what was begun after them has to be read once more.
    is_ended: bool,
    /// The part is somebody else's.
    is_lost: bool,
    end: Option<End>,
}

impl Importer {
    /// Brings over the page, and those after it. How far the part has come is saved while others
    /// are on their way, so that none of them waits for that.
    pub(super) async fn advance(
        &self,
        run: &Run<'_>,
        lease: &PartLease,
        progress: &mut Progress,
        (at, first, end): (&Cursor, Page, Option<Cursor>),
    ) -> Result<Option<End>, ImportError> {
        let is_ending = AtomicBool::new(false);
        let is_alone = progress.stalled > 0;
        let mut pages = self.pages(run, (at, first), end, is_alone, &is_ending);
        let mut saving = pin!(Fuse::terminated());
        let mut is_unsaved = false;
        let mut ending = Ending::default();
        let (mut before, mut same) = (None, 0);
        let (mut outages, most) = (0, if is_alone { 1 } else { MAX_OUTAGES });
        loop {
            if is_unsaved && saving.is_terminated() {
                is_unsaved = false;
                saving.set(self.save_progress(lease, progress.clone()).fuse());
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
                Ok(Next::Page(Some(_))) if ending.is_ended => {}
                Ok(Next::Page(Some(Err(end)))) => ending.stop(end),
                Ok(Next::Page(Some(Ok(Done { next, is_as_expected, shown, result, outage })))) => {
                    ending.is_ended = !is_as_expected;
                    match self.note(run, progress, result).await {
                        Err(error) => ending.failed(error),
                        Ok(()) => match next {
                            Some(next) => {
                                if progress.trail.comes_back(&next) {
                                    ending.stop(End::Stopped(Stop::Fatal(CIRCLE.to_owned())));
                                }
                                (progress.cursor, is_unsaved) = (next, true);
                            }
                            // That is saved with the end of the part.
                            None => ending.stop(End::Done),
                        },
                    }
                    let is_same = shown.is_some() && before == shown;
                    (before, same) = (shown, if is_same { same + 1 } else { 0 });
                    if same == MAX_SAME {
                        ending.stop(End::Stopped(Stop::Fatal(SAME_PAGE.to_owned())));
                    }
                    outages = if outage.is_some() { outages + 1 } else { 0 };
                    if let Some(outage) = outage
                        && outages >= most
                    {
                        ending.stop(End::Stopped(outage));
                    }
                }
                Ok(Next::Saved(Ok(()))) => {}
                Ok(Next::Saved(Err(error))) => ending.failed(error),
                // What has begun is finished: given up, it would be in doubt.
                Err(error) => {
                    is_ending.store(true, Ordering::Relaxed);
                    run.is_given_up.store(true, Ordering::Relaxed);
                    while pages.next().await.is_some() {}
                    return Err(error.into());
                }
            }
            is_ending.fetch_or(ending.is_ended, Ordering::Relaxed);
            run.is_given_up.fetch_or(ending.is_lost, Ordering::Relaxed);
        }
        if !saving.is_terminated()
            && let Err(error) = saving.await
        {
            ending.failed(error);
        }
        if ending.is_lost {
            return Err(JobError::LeaseLost.into());
        }
        Ok(ending.end)
    }

    /// Remembers what became of a page.
    async fn note(
        &self,
        run: &Run<'_>,
        progress: &mut Progress,
        result: PageResult,
    ) -> Result<(), JobError> {
        let PageResult { counts, failures, examples } = result;
        if !failures.is_empty() {
            self.parts.imports.jobs.note_failures(&run.job.id, &failures).await?;
        }
        progress.counts += counts;
        if counts.doubtful == 0 || counts.doubtful < counts.seen {
            progress.stalled = 0;
        }
        progress.examples.extend(examples);
        progress.examples.truncate(MAX_EXAMPLES);
        Ok(())
    }

    async fn save_progress(&self, lease: &PartLease, progress: Progress) -> Result<(), JobError> {
        self.parts.imports.jobs.save(lease, &progress, self.lease_until()).await
    }
}

impl Ending {
    fn stop(&mut self, end: End) {
        self.is_ended = true;
        self.end.get_or_insert(end);
    }

    fn failed(&mut self, error: JobError) {
        self.is_ended = true;
        match error {
            JobError::LeaseLost => self.is_lost = true,
            error => self.stop(End::Stopped(Stop::from(error))),
        }
    }
}
