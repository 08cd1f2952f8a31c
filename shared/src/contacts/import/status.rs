//! How far an import has come, for people.

use serde::Serialize;

use super::job::{Counts, Example, Job, JobId, JobState, MAX_EXAMPLES, Part};
use super::request::Mode;
use crate::botmatic::IntegrationId;
use crate::ground::clock::Timestamp;

/// An import as `GET /imports/{id}` shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// Its id.
    pub import: JobId,
    /// Whose contacts.
    pub integration: IntegrationId,
    /// What is done about them.
    pub mode: Mode,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// The import whose failures it tries again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<JobId>,
    /// Where it is in its life.
    pub state: JobState,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What became of the contacts so far.
    pub counts: Counts,
    /// How many there are, if the source says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// How many were read in a second, on average.
    pub contacts_per_second: f64,
    /// When it will be finished, in seconds from now, if it goes on like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<u64>,
    /// Into how many parts it is divided.
    pub parts: u32,
    /// How many of them are not done.
    pub open_parts: u32,
    /// When it was started, in RFC 3339.
    pub started_at: String,
    /// When it last came further.
    pub updated_at: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Some of what would be done by one that writes nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

impl Status {
    pub(super) fn of(job: &Job, parts: &[Part], now: Timestamp) -> Self {
        let counts = Counts::of(parts);
        let updated = parts.iter().map(|part| part.updated).max().unwrap_or(job.started);
        let took = job.ended.unwrap_or(now).since(job.started).as_secs_f64();
        let rate = if took > 0.0 { as_float(counts.seen) / took } else { 0.0 };
        let left = job.total.map(|total| total.saturating_sub(counts.seen));
        let is_running = job.state == JobState::Running;
        let seconds_left = left.filter(|_| is_running && rate > 0.0).map(|left| {
            let seconds = std::time::Duration::try_from_secs_f64(as_float(left) / rate);
            seconds.unwrap_or_default().as_secs()
        });
        let examples = parts.iter().flat_map(|part| part.progress.examples.iter().cloned());
        Self {
            import: job.id.clone(),
            integration: job.request.integration.clone(),
            mode: job.request.mode,
            dry_run: job.request.dry_run,
            retry_of: job.retry.as_ref().map(|retry| retry.of.clone()),
            state: job.state,
            reason: job.reason.clone(),
            counts,
            total: job.total,
            contacts_per_second: (rate * 10.0).round() / 10.0,
            seconds_left,
            parts: job.parts,
            open_parts: job.open_parts,
            started_at: job.started.to_rfc3339(),
            updated_at: updated.to_rfc3339(),
            ended_at: job.ended.map(Timestamp::to_rfc3339),
            examples: examples.take(MAX_EXAMPLES).collect(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 contacts")]
const fn as_float(count: u64) -> f64 {
    count as f64
}
