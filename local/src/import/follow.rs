//! How far an import has come, how fast it is, and how long it will take.

use std::time::Duration;

use patchcord::contacts::import::job::{Job, JobState};
use patchcord::contacts::import::source::bytes_before;
use patchcord::contacts::import::store::JobError;
use patchcord::contacts::import::{Imports, Status};
use tokio::time::{Instant, sleep};

use super::screen::{Figures, Screen};
use super::source;

/// An import that is watched.
pub struct Followed<'a> {
    imports: &'a Imports,
    job: &'a Job,
    /// The length of a file of this machine.
    bytes: Option<u64>,
    begun: Instant,
    /// How far it was when this began.
    before: Option<Position>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Position {
    seen: u64,
    done: Option<f64>,
}

impl<'a> Followed<'a> {
    /// Follows `job` from now on.
    pub fn new(imports: &'a Imports, job: &'a Job) -> Self {
        let bytes = job.request.source.as_ref().and_then(source::bytes);
        Self { imports, job, bytes, begun: Instant::now(), before: None }
    }

    /// Shows it, until it is dropped. What cannot be read now is shown another time.
    pub async fn show(mut self, screen: &Screen) {
        // Where it is now is what its rate is measured from.
        let _ = self.figures().await;
        loop {
            sleep(screen.period()).await;
            if let Ok(Some(figures)) = self.figures().await {
                screen.show(&figures);
            }
        }
    }

    async fn figures(&mut self) -> Result<Option<Figures>, JobError> {
        let Some(status) = self.imports.status(&self.job.id).await? else { return Ok(None) };
        if status.state != JobState::Running {
            return Ok(None);
        }
        let now = Position { seen: status.counts.seen, done: self.done(&status).await? };
        let failed = status.counts.failed + status.counts.doubtful;
        let before = *self.before.get_or_insert(now);
        Ok(Some(figures(before, now, failed, self.begun.elapsed())))
    }

    async fn done(&self, status: &Status) -> Result<Option<f64>, JobError> {
        if let Some(total) = status.total {
            return Ok(share(status.counts.seen, total));
        }
        let Some(bytes) = self.bytes else { return Ok(None) };
        // A file is never divided.
        let parts = self.imports.jobs.parts(&self.job.id).await?;
        let at = parts.first().and_then(|part| bytes_before(&part.progress.cursor));
        Ok(at.and_then(|at| share(at, bytes)))
    }
}

fn figures(before: Position, now: Position, failed: u64, took: Duration) -> Figures {
    let Position { seen, done } = now;
    let seconds = took.as_secs_f64();
    let here = as_float(seen.saturating_sub(before.seen));
    let rate = if seconds > 0.0 { here / seconds } else { 0.0 };
    let left = done.and_then(|done| {
        let here = done - before.done.unwrap_or_default();
        Duration::try_from_secs_f64(seconds * (1.0 - done).max(0.0) / here).ok()
    });
    Figures { seen, failed, rate, done, left }
}

/// How much of `all` it is; nobody knows of nothing.
fn share(of: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| (as_float(of) / as_float(all)).min(1.0))
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 contacts")]
const fn as_float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_before_does_not_count_for_the_rate() {
        let before = Position { seen: 5_000, done: share(5_000, 10_000) };
        let now = Position { seen: 6_000, done: share(6_000, 10_000) };
        let figures = figures(before, now, 2, Duration::from_secs(10));
        assert_eq!((figures.seen, figures.failed, figures.done), (6_000, 2, Some(0.6)));
        assert!((figures.rate - 100.0).abs() < 1e-9, "{figures:?}");
        assert_eq!(figures.left.map(|left| left.as_secs_f64().round()), Some(40.0));
    }

    #[test]
    fn nothing_is_estimated_where_nothing_is_known() {
        let start = Position { seen: 0, done: share(0, 10) };
        assert_eq!(figures(start, start, 0, Duration::from_secs(3)).left, None);
        let unknown = Position { seen: 7, done: share(7, 0) };
        assert_eq!(figures(unknown, unknown, 0, Duration::ZERO).left, None);
    }
}
