//! A DynamoDB of which no call waits for another. It says of every contact that it is new, and of
//! every pair that it is saved. Jobs are kept as always.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;

use crate::bench::{
    BenchError,
    delay::{self, Delay},
};

/// What a call takes: a single-digit number of milliseconds at DynamoDB
/// (<https://repost.aws/knowledge-center/dynamodb-high-latency>), and the network.
const LATENCY: Duration = Duration::from_millis(10);
/// What a transaction takes. From Lambda, one of 5 writes took 25 ms at p50, one of 25 writes 32 ms
/// (<https://www.alexdebrie.com/posts/dynamodb-transactions-performance/>); ours have up to 100, to
/// which the same slope leads.
const TRANSACTION_LATENCY: Duration = Duration::from_millis(60);

const TRANSACTION: &[u8] = b".TransactWriteItems\r\n";
/// What every key of a pair, and of nothing else, begins with.
const PAIRS: &[u8] = br#""pairs#"#;
const NO_ITEMS: &str = r#"{"Responses":{},"UnprocessedKeys":{}}"#;

/// How far away it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Distance {
    /// It answers at once.
    None,
    /// As far as AWS's.
    Aws,
}

/// Stands in front of the DynamoDB at `endpoint`, on the runtime that starts it.
pub(super) async fn start(endpoint: &str, distance: Distance) -> Result<SocketAddr, BenchError> {
    let latency = match distance {
        Distance::None => |_: &[u8]| Duration::ZERO,
        Distance::Aws => latency,
    };
    delay::start(endpoint, Delay { latency, instead }).await
}

fn latency(request: &[u8]) -> Duration {
    if contains(request, TRANSACTION) { TRANSACTION_LATENCY } else { LATENCY }
}

fn instead(request: &[u8]) -> Option<Bytes> {
    contains(request, PAIRS).then(no_items)
}

/// An answer to `BatchGetItem`, which finds nothing, and to `TransactWriteItems`.
fn no_items() -> Bytes {
    let length = NO_ITEMS.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\n\
         content-length: {length}\r\n\r\n"
    );
    Bytes::from(head + NO_ITEMS)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_told_from_jobs() {
        assert!(contains(br#"{"pk":{"S":"pairs#one#3"}}"#, PAIRS));
        assert!(!contains(br#"{"pk":{"S":"imports#one"}}"#, PAIRS));
        assert!(!contains(b"", PAIRS));
    }
}
