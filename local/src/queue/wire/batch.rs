//! What batches have in common: each entry succeeds or fails by itself.

use serde_json::{Value, json};

use super::input::{Batch, Entry};
use crate::queue::{QueueError, check};

/// Does `work` for each entry. What it returns besides the id is the entry's part of the answer.
pub(super) fn each<T>(
    batch: Batch<T>,
    mut work: impl FnMut(T) -> Result<Value, QueueError>,
) -> Result<Option<Value>, QueueError> {
    check::entries(batch.entries.iter().map(|entry| entry.id.as_str()))?;
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for Entry { id, content } in batch.entries {
        match work(content) {
            Ok(mut done) => {
                done["Id"] = id.into();
                successful.push(done);
            }
            Err(error) => failed.push(json!({
                "Id": id,
                "SenderFault": true,
                "Code": error.code(),
                "Message": error.to_string(),
            })),
        }
    }
    Ok(Some(json!({"Successful": successful, "Failed": failed})))
}
