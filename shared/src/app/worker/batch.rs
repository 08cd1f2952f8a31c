//! A batch of messages as Lambda hands it over.

use serde::Deserialize;
use serde_json::Value;

/// The invocation is no batch of a queue.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {expected}; expected messages of an SQS FIFO queue")]
pub struct InvalidBatch {
    place: String,
    expected: String,
}

#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

/// A message (<https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>).
///
/// It has no `Debug`: its body is what somebody wrote.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) message_id: String,
    pub(super) body: String,
    pub(super) receipt_handle: String,
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(rename = "MessageGroupId")]
    group: String,
    #[serde(rename = "ApproximateReceiveCount")]
    receptions: String,
}

impl Record {
    /// How often it was received, this time included.
    pub(super) fn receptions(&self) -> u32 {
        self.attributes.receptions.parse().unwrap_or(1)
    }
}

/// The messages of each group in order, the groups in the order of their first messages.
pub(super) fn groups(batch: Value) -> Result<Vec<Vec<Record>>, InvalidBatch> {
    let batch: Batch = serde_path_to_error::deserialize(batch).map_err(|error| InvalidBatch {
        place: error.path().to_string(),
        expected: error.inner().to_string(),
    })?;
    let mut groups = Vec::<Vec<Record>>::new();
    for record in batch.records {
        let is_same = |group: &&mut Vec<Record>| {
            group.first().is_some_and(|first| first.attributes.group == record.attributes.group)
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(record),
            None => groups.push(vec![record]),
        }
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_sorted_by_group_and_keep_their_order() {
        let record = |id: &str, group: &str| {
            let attributes = json!({"MessageGroupId": group, "ApproximateReceiveCount": "3"});
            json!({"messageId": id, "body": "", "receiptHandle": "a", "attributes": attributes})
        };
        let batch = json!({"Records": [
            record("1", "a"), record("2", "b"), record("3", "a"), record("4", "c"), record("5", "b"),
        ]});
        let ids =
            |group: Vec<Record>| group.into_iter().map(|it| it.message_id).collect::<Vec<_>>();
        let found: Vec<_> = groups(batch).unwrap().into_iter().map(ids).collect();
        assert_eq!(found, [vec!["1", "3"], vec!["2", "5"], vec!["4"]]);
    }

    #[test]
    fn what_is_no_batch_is_named_with_its_place() {
        let record = json!({"messageId": "1", "body": "", "receiptHandle": "a"});
        let Err(error) = groups(json!({"Records": [record]})) else { panic!("a batch") };
        let expected = "Records[0]: missing field `attributes`";
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
