//! Contacts of which it is not known whether Botmatic has created them. Botmatic's API has no way to
//! look a contact up; but it tells of every contact that was created, and the sync makes the pair
//! from that. So what has a pair by now was created; the rest stays reported, and is not created
//! again unless somebody says so.

use super::Run;
use super::part::End;
use super::slice::ImportError;
use crate::contacts::consumer::Cursor;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Counts, Failure, Kind, Part, Progress};
use crate::contacts::import::store::PartLease;
use crate::contacts::pairs::Known;
use crate::ground::clock::CLOCK_SKEW;

const PAGE: u16 = 100;

impl Importer {
    /// Looks at every contact in doubt once more.
    pub(super) async fn look_again(
        &self,
        run: &Run<'_>,
        lease: &PartLease,
        part: Part,
    ) -> Result<(Progress, End), ImportError> {
        let mut progress = part.progress;
        let wait = (part.updated + self.parts.settle).since(self.now());
        if progress.cursor == Cursor::Start && wait > CLOCK_SKEW {
            // Botmatic may still tell of contacts that it has created.
            return Ok((progress, End::TooEarly(wait)));
        }
        let jobs = &self.parts.imports.jobs;
        loop {
            let after = match &progress.cursor {
                Cursor::Token(after) => Some(after.as_str()),
                _ => None,
            };
            let page = jobs.failures(&run.job.id, after, PAGE).await?;
            let doubtful: Vec<_> = page
                .failures
                .into_iter()
                .filter(|failure| failure.kind == Kind::Doubtful)
                .filter_map(|failure| Some((failure.external_id.clone()?, failure)))
                .collect();
            let (ids, failures): (Vec<_>, Vec<Failure>) = doubtful.into_iter().unzip();
            let known = self.known(&run.integration.id, &ids).await?;
            for (failure, known) in failures.into_iter().zip(known) {
                if matches!(known, Ok(Known::Paired(_))) {
                    jobs.forget_failure(&run.job.id, &failure).await?;
                } else {
                    progress.in_doubt += 1;
                }
            }
            let Some(next) = page.next else {
                progress.counts.resolved =
                    self.doubtful(run).await?.saturating_sub(progress.in_doubt);
                return Ok((progress, End::Done));
            };
            progress.cursor = Cursor::Token(next);
            jobs.save(lease, &progress, self.lease_until()).await?;
            if self.time_left(run).is_zero() {
                return Ok((progress, End::TimeOver));
            }
        }
    }

    /// How many contacts were in doubt. Those that are not any more are told from those that are,
    /// and not counted one by one: whoever was killed may have forgotten, or noted, some of them
    /// without having saved that.
    async fn doubtful(&self, run: &Run<'_>) -> Result<u64, ImportError> {
        let parts = self.parts.imports.jobs.parts(&run.job.id).await?;
        Ok(Counts::of(&parts).doubtful)
    }
}
