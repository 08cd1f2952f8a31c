//! The operations on queues.

use std::collections::BTreeMap;

use serde_json::json;

use super::answer::Outcome;
use super::input::{Named, ToShow};
use crate::queue::attributes::is_known;
use crate::queue::{QueueAttributes, QueueError, Queues};

const ALL: &str = "All";

/// `CreateQueue`. `base` is what stands before the path of a URL.
pub(super) fn create(queues: &Queues, base: &str, input: &Named) -> Outcome {
    let name = name(input)?;
    let attributes = QueueAttributes::read(&input.attributes, &queues.arn_prefix())?;
    queues.create(name, attributes)?;
    Ok(Some(json!({"QueueUrl": format!("{base}{}", Queues::path(name))})))
}

/// `GetQueueUrl`.
pub(super) fn url(queues: &Queues, base: &str, input: &Named) -> Outcome {
    let name = name(input)?;
    queues.attributes(name)?;
    Ok(Some(json!({"QueueUrl": format!("{base}{}", Queues::path(name))})))
}

fn name(input: &Named) -> Result<&str, QueueError> {
    input.queue_name.as_deref().ok_or(QueueError::MissingParameter("QueueName"))
}

/// `GetQueueAttributes`.
pub(super) fn attributes(queues: &Queues, queue: &str, input: &ToShow) -> Outcome {
    let shown = all_attributes(queues, queue)?;
    let wanted = |name: &str| input.names.iter().any(|wanted| wanted == ALL || wanted == name);
    let is_attribute = |name: &str| name == ALL || shown.contains_key(name) || is_known(name);
    if let Some(unknown) = input.names.iter().find(|name| !is_attribute(name)) {
        return Err(QueueError::InvalidAttributeName(unknown.clone()));
    }
    let shown: BTreeMap<_, _> = shown.into_iter().filter(|(name, _)| wanted(name)).collect();
    Ok(Some(if shown.is_empty() { json!({}) } else { json!({"Attributes": shown}) }))
}

fn all_attributes(
    queues: &Queues,
    queue: &str,
) -> Result<BTreeMap<&'static str, String>, QueueError> {
    let mut shown = queues.attributes(queue)?.show(&queues.arn_prefix());
    let counts = queues.counts(queue)?;
    let created = queues.created(queue)?.as_secs().to_string();
    shown.extend([
        ("ApproximateNumberOfMessages", counts.visible.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("CreatedTimestamp", created.clone()),
        ("LastModifiedTimestamp", created),
        ("QueueArn", queues.arn(queue)),
    ]);
    Ok(shown)
}

/// `PurgeQueue`.
pub(super) fn purge(queues: &Queues, queue: &str) -> Outcome {
    queues.purge(queue).map(|()| None)
}
