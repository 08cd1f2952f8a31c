//! A DynamoDB as far away as AWS's is: each call takes its time, and none waits for another. It says
//! of every contact that it is new, and of every pair that it is saved. Jobs are kept as always.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::bench::{BenchError, meter::read_message};

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

/// Stands in front of the DynamoDB at `endpoint`, on the runtime that starts it.
pub(super) async fn start(endpoint: &str) -> Result<SocketAddr, BenchError> {
    let failed = |source| BenchError::Meter { upstream: endpoint.to_owned(), source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let upstream = endpoint.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let upstream = upstream.clone();
            tokio::spawn(async move {
                // The function sees the end of the connection, and the answer is missed there.
                let _ = serve(client, &upstream).await;
            });
        }
    });
    Ok(addr)
}

async fn serve(mut client: TcpStream, upstream: &str) -> io::Result<()> {
    let mut server = TcpStream::connect(upstream).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut from_server) = (BytesMut::new(), BytesMut::new());
    while let Some(request) = read_message(&mut client, &mut from_client).await? {
        let is_transaction = contains(&request, TRANSACTION);
        sleep(if is_transaction { TRANSACTION_LATENCY } else { LATENCY }).await;
        let answer = if contains(&request, PAIRS) {
            no_items()
        } else {
            server.write_all(&request).await?;
            let answer = read_message(&mut server, &mut from_server).await?;
            answer.ok_or(io::ErrorKind::UnexpectedEof)?
        };
        client.write_all(&answer).await?;
    }
    Ok(())
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
