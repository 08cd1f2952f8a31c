//! The attributes that only FIFO queues have
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>).

use std::collections::BTreeMap;

use crate::queue::QueueError;

const FIFO: &str = "FifoQueue";
const CONTENT_BASED: &str = "ContentBasedDeduplication";
const SCOPE: &str = "DeduplicationScope";
const THROUGHPUT: &str = "FifoThroughputLimit";
/// All of them.
pub(in crate::queue) const NAMES: [&str; 4] = [FIFO, CONTENT_BASED, SCOPE, THROUGHPUT];
/// How the name of a FIFO queue ends.
pub(in crate::queue) const SUFFIX: &str = ".fifo";

/// How a FIFO queue works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FifoAttributes {
    /// `ContentBasedDeduplication`: a message without a deduplication id is known by its body.
    pub content_based_deduplication: bool,
    /// `DeduplicationScope` is `messageGroup`: the same id in two groups is two messages.
    pub deduplication_per_group: bool,
    /// `FifoThroughputLimit` is `perMessageGroupId`, which makes no difference on this machine. AWS
    /// wants `deduplication_per_group` with it.
    pub throughput_per_group: bool,
}

impl FifoAttributes {
    /// Reads what `CreateQueue` is given; nothing for a standard queue.
    pub(in crate::queue) fn read(
        given: &BTreeMap<String, String>,
    ) -> Result<Option<Self>, QueueError> {
        let get = |name: &str| given.get(name).map(String::as_str);
        // To say that a queue is none is refused, too: <https://github.com/aws/aws-sdk-php/issues/1331>
        let is_fifo = choice(FIFO, get(FIFO).filter(|value| *value != "false"), "false", "true")?;
        if !is_fifo {
            let known = NAMES.into_iter().find(|name| given.contains_key(*name));
            return known
                .map_or(Ok(None), |name| Err(QueueError::InvalidAttributeName(name.into())));
        }
        let read = Self {
            content_based_deduplication: choice(
                CONTENT_BASED,
                get(CONTENT_BASED),
                "false",
                "true",
            )?,
            deduplication_per_group: choice(SCOPE, get(SCOPE), "queue", "messageGroup")?,
            throughput_per_group: choice(
                THROUGHPUT,
                get(THROUGHPUT),
                "perQueue",
                "perMessageGroupId",
            )?,
        };
        if read.throughput_per_group && !read.deduplication_per_group {
            return Err(QueueError::InvalidAttributeValue(THROUGHPUT.to_owned()));
        }
        Ok(Some(read))
    }

    /// As `GetQueueAttributes` shows them.
    pub(in crate::queue) fn show(self) -> [(&'static str, String); 4] {
        let scope = if self.deduplication_per_group { "messageGroup" } else { "queue" };
        let limit = if self.throughput_per_group { "perMessageGroupId" } else { "perQueue" };
        [
            (FIFO, "true".to_owned()),
            (CONTENT_BASED, self.content_based_deduplication.to_string()),
            (SCOPE, scope.to_owned()),
            (THROUGHPUT, limit.to_owned()),
        ]
    }
}

/// Whether a value is the second of two. None is the first.
fn choice(name: &str, value: Option<&str>, no: &str, yes: &str) -> Result<bool, QueueError> {
    match value {
        None => Ok(false),
        Some(value) if value == no => Ok(false),
        Some(value) if value == yes => Ok(true),
        Some(_) => Err(QueueError::InvalidAttributeValue(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_read_as_they_are_shown_and_only_of_fifo_queues() {
        let read = |given: &[(&str, &str)]| {
            let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            FifoAttributes::read(&given.collect())
        };
        let high_throughput = [(SCOPE, "messageGroup"), (THROUGHPUT, "perMessageGroupId")];
        let all = FifoAttributes {
            content_based_deduplication: true,
            deduplication_per_group: true,
            throughput_per_group: true,
        };
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[(FIFO, "true")]), Ok(Some(FifoAttributes::default())));
        for attributes in [FifoAttributes::default(), all] {
            let shown = attributes.show();
            let shown: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(read(&shown), Ok(Some(attributes)));
        }
        let name = |name: &str| Err(QueueError::InvalidAttributeName(name.to_owned()));
        let value = |name: &str| Err(QueueError::InvalidAttributeValue(name.to_owned()));
        assert_eq!(read(&[(FIFO, "false")]), name(FIFO));
        assert_eq!(read(&[(FIFO, "yes")]), value(FIFO));
        assert_eq!(read(&[(CONTENT_BASED, "true")]), name(CONTENT_BASED));
        assert_eq!(read(&high_throughput), name(SCOPE));
        assert_eq!(read(&[(FIFO, "true"), high_throughput[1]]), value(THROUGHPUT));
        assert_eq!(read(&[(FIFO, "true"), (SCOPE, "group")]), value(SCOPE));
    }
}
