//! Many items by their keys, in one call.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::client::DynamoDb;
use super::value::Item;
use crate::ground::aws::error::CallError;
use crate::ground::retry::RetryPolicy;

const OPERATION: &str = "BatchGetItem";
/// How often what was left out is asked for again. DynamoDB leaves out what exceeds 16 MB, or the
/// capacity there is, and wants to be asked with growing pauses
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>).
pub(super) const AGAIN: RetryPolicy = RetryPolicy {
    retries: 6,
    first_pause: Duration::from_millis(50),
    longest_pause: Duration::from_millis(400),
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchGet<'a> {
    request_items: HashMap<&'a str, Keys>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    keys: Vec<Item>,
    #[serde(default)]
    consistent_read: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    responses: HashMap<String, Vec<Item>>,
    unprocessed_keys: HashMap<String, Keys>,
}

impl DynamoDb {
    /// How many keys one `BatchGetItem` takes
    /// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>).
    pub const BATCH: usize = 100;

    /// `BatchGetItem`, strongly consistent: the items of `table` that have these keys, in no order.
    /// [`Self::BATCH`] keys at most, none of them twice.
    pub async fn batch_get(&self, table: &str, keys: Vec<Item>) -> Result<Vec<Item>, CallError> {
        let (mut found, mut keys) = (Vec::with_capacity(keys.len()), keys);
        let mut retries = AGAIN.start();
        loop {
            let keys_of_table = Keys { keys, consistent_read: true };
            let input = BatchGet { request_items: HashMap::from([(table, keys_of_table)]) };
            let mut answer: Answer = self.0.call(OPERATION, &input).await?;
            found.extend(answer.responses.remove(table).unwrap_or_default());
            match answer.unprocessed_keys.remove(table) {
                Some(left) if !left.keys.is_empty() => keys = left.keys,
                _ => return Ok(found),
            }
            match retries.next_pause(None, Duration::MAX, self.0.random()) {
                Some(pause) => sleep(pause).await,
                None => return Err(CallError::InPart { operation: OPERATION }),
            }
        }
    }
}
