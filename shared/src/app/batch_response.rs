//! What a function answers to a batch of a queue.

use serde::Serialize;

/// Which messages are to come again. Lambda deletes the others from the queue
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting>).
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// One for each of them.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A message that is to come again.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its id in the queue.
    pub item_identifier: String,
}

impl FromIterator<String> for BatchResponse {
    /// Messages with these ids are to come again.
    fn from_iter<T: IntoIterator<Item = String>>(ids: T) -> Self {
        let failures = ids.into_iter().map(|item_identifier| BatchItemFailure { item_identifier });
        Self { batch_item_failures: failures.collect() }
    }
}
