//! A queue's attributes: what they may be, and what they are without being said
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use patchcord::ground::aws::sqs::MAX_BYTES;
use serde::Deserialize;
use serde_json::{Value, json};

use super::QueueError;
use super::fifo::{FifoAttributes, NAMES as FIFO_NAMES};

/// How a queue works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueAttributes {
    /// Messages are not received before this is over, unless they say otherwise.
    pub delay: Duration,
    /// The longest body, in bytes.
    pub max_message_bytes: usize,
    /// What is older than this is forgotten.
    pub retention: Duration,
    /// How long a call waits for messages, unless it says otherwise.
    pub receive_wait: Duration,
    /// For how long a message that was received is hidden from others, unless a call says otherwise.
    pub visibility_timeout: Duration,
    /// What becomes of messages that are received again and again.
    pub redrive: Option<Redrive>,
    /// It is a FIFO queue, and works like this. Its name ends in `.fifo`, as does that of its
    /// dead-letter queue.
    pub fifo: Option<FifoAttributes>,
}

/// Where messages go that nobody deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The name of the dead-letter queue.
    pub queue: String,
    /// How often a message is received before it goes there; from 1 to 1,000.
    pub max_receive_count: u32,
}

impl Default for QueueAttributes {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            max_message_bytes: MAX_BYTES,
            retention: Duration::from_hours(4 * 24),
            receive_wait: Duration::ZERO,
            visibility_timeout: Duration::from_secs(30),
            redrive: None,
            fifo: None,
        }
    }
}

const DELAY: &str = "DelaySeconds";
const MAX_SIZE: &str = "MaximumMessageSize";
const RETENTION: &str = "MessageRetentionPeriod";
const RECEIVE_WAIT: &str = "ReceiveMessageWaitTimeSeconds";
const VISIBILITY: &str = "VisibilityTimeout";
const REDRIVE: &str = "RedrivePolicy";
/// Attributes that AWS has besides.
const UNSUPPORTED: [&str; 5] = [
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "Policy",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    dead_letter_target_arn: String,
    max_receive_count: Value,
}

impl QueueAttributes {
    /// Those of a FIFO queue, without being said.
    pub fn fifo() -> Self {
        Self { fifo: Some(FifoAttributes::default()), ..Self::default() }
    }

    /// Reads what `CreateQueue` is given. `arn_prefix` is that of this machine's queues.
    pub(super) fn read(
        given: &BTreeMap<String, String>,
        arn_prefix: &str,
    ) -> Result<Self, QueueError> {
        let mut read = Self { fifo: FifoAttributes::read(given)?, ..Self::default() };
        for (name, value) in given {
            let seconds = |range| number(name, value, range).map(Duration::from_secs);
            match name.as_str() {
                DELAY => read.delay = seconds(0..=900)?,
                MAX_SIZE => {
                    let bytes = number(name, value, 1024..=MAX_BYTES as u64)?;
                    read.max_message_bytes = usize::try_from(bytes).unwrap_or(MAX_BYTES);
                }
                RETENTION => read.retention = seconds(60..=1_209_600)?,
                RECEIVE_WAIT => read.receive_wait = seconds(0..=20)?,
                VISIBILITY => read.visibility_timeout = seconds(0..=43_200)?,
                REDRIVE if value.is_empty() => {}
                REDRIVE => read.redrive = Some(redrive(value, arn_prefix)?),
                fifo if FIFO_NAMES.contains(&fifo) => {}
                unsupported if UNSUPPORTED.contains(&unsupported) => {
                    return Err(QueueError::UnsupportedOperation(name.clone()));
                }
                _ => return Err(QueueError::InvalidAttributeName(name.clone())),
            }
        }
        Ok(read)
    }

    /// As `GetQueueAttributes` shows them.
    pub(super) fn show(&self, arn_prefix: &str) -> BTreeMap<&'static str, String> {
        let seconds = |duration: Duration| duration.as_secs().to_string();
        let mut shown = BTreeMap::from([
            (DELAY, seconds(self.delay)),
            (MAX_SIZE, self.max_message_bytes.to_string()),
            (RETENTION, seconds(self.retention)),
            (RECEIVE_WAIT, seconds(self.receive_wait)),
            (VISIBILITY, seconds(self.visibility_timeout)),
        ]);
        shown.extend(self.fifo.into_iter().flat_map(FifoAttributes::show));
        if let Some(Redrive { queue, max_receive_count }) = &self.redrive {
            let policy = json!({
                "deadLetterTargetArn": format!("{arn_prefix}{queue}"),
                "maxReceiveCount": max_receive_count,
            });
            shown.insert(REDRIVE, policy.to_string());
        }
        shown
    }
}

/// Whether AWS knows an attribute of this name that is not among the ones shown.
pub(super) fn is_known(name: &str) -> bool {
    name == REDRIVE || FIFO_NAMES.contains(&name) || UNSUPPORTED.contains(&name)
}

fn number(name: &str, value: &str, range: RangeInclusive<u64>) -> Result<u64, QueueError> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| QueueError::InvalidAttributeValue(name.to_owned()))
}

fn redrive(policy: &str, arn_prefix: &str) -> Result<Redrive, QueueError> {
    let invalid = || QueueError::InvalidAttributeValue(REDRIVE.to_owned());
    let policy: Policy = serde_json::from_str(policy).map_err(|_| invalid())?;
    // AWS takes the number as a text, too.
    let count = match &policy.max_receive_count {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    };
    let count = count.and_then(|count| u32::try_from(count).ok());
    let max_receive_count = count.filter(|count| (1..=1000).contains(count)).ok_or_else(|| {
        let expected = "maxReceiveCount from 1 to 1000".to_owned();
        QueueError::InvalidParameterValue { name: REDRIVE, expected }
    })?;
    let queue = policy.dead_letter_target_arn.strip_prefix(arn_prefix).ok_or_else(invalid)?;
    Ok(Redrive { queue: queue.to_owned(), max_receive_count })
}
