//! Writing many items at once, without conditions.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::batch::AGAIN;
use super::client::DynamoDb;
use super::value::Item;
use crate::ground::aws::error::CallError;

const OPERATION: &str = "BatchWriteItem";
/// It takes 25 requests
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>).
const MAX_ITEMS: usize = 25;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchWrite {
    request_items: HashMap<String, Vec<Request>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    put_request: Put,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    item: Item,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    #[serde(default)]
    unprocessed_items: HashMap<String, Vec<Request>>,
}

impl DynamoDb {
    /// `BatchWriteItem`: writes these items in the place of what is there, each on its own. No two
    /// may have the same key.
    pub async fn put_all(&self, table: &str, items: Vec<Item>) -> Result<(), CallError> {
        let mut left: Vec<_> =
            items.into_iter().map(|item| Request { put_request: Put { item } }).collect();
        let mut retries = AGAIN.start();
        while !left.is_empty() {
            let rest = left.split_off(left.len().min(MAX_ITEMS));
            let request_items = HashMap::from([(table.to_owned(), left)]);
            let written: Written = self.0.call(OPERATION, &BatchWrite { request_items }).await?;
            left = written.unprocessed_items.into_values().flatten().collect();
            if !left.is_empty() {
                match retries.next_pause(None, Duration::MAX, self.0.random()) {
                    Some(pause) => sleep(pause).await,
                    None => return Err(CallError::InPart { operation: OPERATION }),
                }
            }
            left.extend(rest);
        }
        Ok(())
    }
}
