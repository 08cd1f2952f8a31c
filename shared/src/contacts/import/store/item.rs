//! Keys and attributes, and items as what they hold.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::jobs::JobError;
use crate::botmatic::IntegrationId;
use crate::botmatic::integrations::table;
use crate::contacts::import::job::{Job, JobId, JobState, Part};
use crate::contacts::import::request::ImportRequest;
use crate::ground::aws::dynamodb::{AttributeValue, Item};
use crate::ground::clock::Timestamp;
use crate::ground::seal::Sealer;

/// How long jobs and failures are kept after they were last changed.
pub(super) const KEPT_FOR: Duration = Duration::from_hours(90 * 24);
/// What the sort key of a job begins with.
pub(super) const JOB: &str = "job#";
/// A part that is done.
pub(super) const OVER: &str = "over";
/// A part that is not.
pub(super) const OPEN: &str = "open";

/// The partition of an integration's jobs.
pub(super) fn partition_key(integration: &IntegrationId) -> String {
    format!("imports#{integration}")
}

/// The partition of a job's failures.
pub(super) fn failures_key(id: &JobId) -> String {
    format!("import-failures#{id}")
}

/// The key of the item that says which job runs.
pub(super) fn active_key(integration: &IntegrationId) -> Item {
    table::item_key(partition_key(integration), "active")
}

/// The key of a job.
pub(super) fn job_key(id: &JobId) -> Item {
    table::item_key(partition_key(id.integration()), format!("{JOB}{}", id.run()))
}

/// What the sort keys of a job's parts begin with.
pub(super) fn parts_prefix(id: &JobId) -> String {
    format!("part#{}#", id.run())
}

/// The key of a part.
pub(super) fn part_key(id: &JobId, number: u32) -> Item {
    let sort_key = format!("{}{number:04}", parts_prefix(id));
    table::item_key(partition_key(id.integration()), sort_key)
}

/// The job that an item holds.
pub(super) fn job_of(
    sealer: &Sealer,
    integration: &IntegrationId,
    item: &Item,
) -> Result<Job, JobError> {
    let sort_key = text(item, table::SORT_KEY).unwrap_or_default();
    let run = sort_key.strip_prefix(JOB).unwrap_or_default();
    let state = text(item, "job_state").and_then(JobState::parse);
    let id = JobId::of_run(integration, run).map_err(|_| JobError::Corrupt("an id"))?;
    Ok(Job {
        request: open_request(sealer, &id, item)?,
        id,
        retry: json(item, "job_retry")?,
        state: state.ok_or(JobError::Corrupt("a state"))?,
        reason: text(item, "job_reason").map(str::to_owned),
        total: number(item, "job_total"),
        parts: count(item, "parts"),
        open_parts: count(item, "open_parts"),
        started: time(item, "started_at").unwrap_or_default(),
        ended: time(item, "ended_at"),
        is_announced: item.contains_key("announced_at"),
    })
}

/// The part that an item holds.
pub(super) fn part_of(item: &Item) -> Result<Part, JobError> {
    let sort_key = text(item, table::SORT_KEY).unwrap_or_default();
    let digits = sort_key.rsplit('#').next().unwrap_or_default();
    Ok(Part {
        number: digits.parse().map_err(|_| JobError::Corrupt("the number of a part"))?,
        progress: json(item, "progress")?.ok_or(JobError::Corrupt("progress"))?,
        end: json(item, "end_at")?,
        slice: count(item, "slice"),
        is_over: text(item, "part_state") == Some(OVER),
        leased_until: time(item, "lease_until"),
        updated: time(item, "updated_at").unwrap_or_default(),
    })
}

/// A request as JSON; sealed if it names a file, so that it is of use in no other place.
pub(super) fn seal_request(
    sealer: &Sealer,
    id: &JobId,
    request: &ImportRequest,
) -> Result<AttributeValue, JobError> {
    let json = as_json(request)?;
    match (&request.source, &json) {
        (Some(_), AttributeValue::S(json)) => {
            let text = sealer.seal(json.as_bytes(), &request_owner(id));
            Ok(AttributeValue::S(text.map_err(JobError::Sealed)?))
        }
        _ => Ok(json),
    }
}

fn open_request(sealer: &Sealer, id: &JobId, item: &Item) -> Result<ImportRequest, JobError> {
    let stored = text(item, "job_request").ok_or(JobError::Corrupt("a request"))?;
    let read = if stored.starts_with('{') {
        serde_json::from_str(stored)
    } else {
        let opened = sealer.open(stored, &request_owner(id)).map_err(JobError::Sealed)?;
        serde_json::from_slice(&opened)
    };
    read.map_err(|_| JobError::Corrupt("a request"))
}

fn request_owner(id: &JobId) -> String {
    format!("{id}#request")
}

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(AttributeValue::as_text)
}

fn number(item: &Item, name: &str) -> Option<u64> {
    item.get(name).and_then(AttributeValue::as_number)
}

fn count(item: &Item, name: &str) -> u32 {
    number(item, name).and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}

fn time(item: &Item, name: &str) -> Option<Timestamp> {
    number(item, name).map(Timestamp::from_millis)
}

fn json<T: DeserializeOwned>(item: &Item, name: &str) -> Result<Option<T>, JobError> {
    let parse = |text| serde_json::from_str(text).map_err(|_| JobError::Corrupt("JSON"));
    text(item, name).map(parse).transpose()
}

/// A value as the JSON that `json` reads.
pub(super) fn as_json(value: &impl serde::Serialize) -> Result<AttributeValue, JobError> {
    let json = serde_json::to_string(value).map_err(|_| JobError::Corrupt("JSON"))?;
    Ok(AttributeValue::S(json))
}
