//! A meter in front of DynamoDB or of a service: passes requests on, counts them, and adds up the time from the
//! last byte of a request to the last byte of its answer.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::BenchError;

/// The meter. It runs on the runtime that started it.
#[derive(Debug)]
pub struct Meter {
    addr: SocketAddr,
    reading: Arc<Mutex<Reading>>,
}

/// What was metered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// How many requests were answered.
    pub calls: u32,
    /// Of requests and answers, heads included.
    pub bytes: u64,
    /// From the last byte of a request to the last byte of its answer, over all of them.
    pub time: Duration,
}

impl Meter {
    /// In front of the server at `endpoint`, such as `http://127.0.0.1:8000`.
    pub async fn start(endpoint: &str) -> Result<Self, BenchError> {
        let failed = |source| BenchError::Meter { upstream: endpoint.to_owned(), source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let upstream: Arc<str> = endpoint.trim_start_matches("http://").into();
        let reading = Arc::<Mutex<Reading>>::default();
        let shared = Arc::clone(&reading);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, shared) = (Arc::clone(&upstream), Arc::clone(&shared));
                tokio::spawn(async move {
                    // The function sees the end of the connection, and the answer is missed there.
                    let _ = relay(client, &upstream, &shared).await;
                });
            }
        });
        Ok(Self { addr, reading })
    }

    /// What the function is told in the place of what is behind it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Reads the meter and sets it to zero.
    pub fn take(&self) -> Reading {
        std::mem::take(&mut self.reading.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One connection: requests one after the other, each with its answer.
async fn relay(mut client: TcpStream, upstream: &str, reading: &Mutex<Reading>) -> io::Result<()> {
    let mut server = TcpStream::connect(upstream).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut from_server) = (BytesMut::new(), BytesMut::new());
    while let Some(request) = read_message(&mut client, &mut from_client).await? {
        let begun = Instant::now();
        server.write_all(&request).await?;
        let answer = read_message(&mut server, &mut from_server).await?;
        let answer = answer.ok_or(io::ErrorKind::UnexpectedEof)?;
        client.write_all(&answer).await?;
        let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
        reading.calls += 1;
        reading.bytes += (request.len() + answer.len()) as u64;
        reading.time += begun.elapsed();
    }
    Ok(())
}

/// A whole message, head and body; none where the connection ends before it begins.
pub(super) async fn read_message(
    stream: &mut TcpStream,
    read: &mut BytesMut,
) -> io::Result<Option<Bytes>> {
    loop {
        if let Some(length) = message_length(read).filter(|length| *length <= read.len()) {
            return Ok(Some(read.split_to(length).freeze()));
        }
        if stream.read_buf(read).await? == 0 {
            return if read.is_empty() {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
    }
}

/// The length of the HTTP/1.1 message that begins here, if its head is complete. Bodies come with
/// a `content-length`: the functions, the embedded DynamoDB and the stand-ins know what they send.
fn message_length(bytes: &[u8]) -> Option<usize> {
    const END: &[u8] = b"\r\n\r\n";
    let head = bytes.windows(END.len()).position(|window| window == END)? + END.len();
    let mut lines = bytes[..head].split(|byte| *byte == b'\n');
    let body = lines.find_map(content_length).unwrap_or_default();
    Some(head + body)
}

fn content_length(line: &[u8]) -> Option<usize> {
    let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
    name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_where_its_head_says() {
        let cases: [(&str, Option<usize>); 6] = [
            ("", None),
            ("POST / HTTP/1.1\r\ncontent-length: 5\r\n", None),
            ("POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nhel", Some(43)),
            ("POST / HTTP/1.1\r\nContent-Length:5\r\nhost: a\r\n\r\nhello", Some(51)),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1", Some(40)),
            ("GET / HTTP/1.1\r\nx: content-length: 9\r\n\r\n", Some(40)),
        ];
        for (message, expected) in cases {
            assert_eq!(message_length(message.as_bytes()), expected, "{message:?}");
        }
    }

    #[tokio::test]
    async fn every_request_is_counted_and_timed() {
        const PAUSE: Duration = Duration::from_millis(20);
        let upstream = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let meter =
            Meter::start(&format!("http://{}", upstream.local_addr().unwrap())).await.unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = upstream.accept().await.unwrap();
            let mut read = BytesMut::new();
            while let Some(request) = read_message(&mut stream, &mut read).await.unwrap() {
                assert!(request.ends_with(b"hello"), "{request:?}");
                tokio::time::sleep(PAUSE).await;
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
            }
        });

        let mut client = TcpStream::connect(meter.addr).await.unwrap();
        let mut read = BytesMut::new();
        for _ in 0..2 {
            client.write_all(b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nhel").await.unwrap();
            tokio::time::sleep(PAUSE).await;
            client.write_all(b"lo").await.unwrap();
            let answer = read_message(&mut client, &mut read).await.unwrap().unwrap();
            assert!(answer.ends_with(b"{}"), "{answer:?}");
        }
        let reading = meter.take();
        assert_eq!((reading.calls, reading.bytes), (2, 2 * (43 + 40)));
        assert!(reading.time >= PAUSE * 2, "{reading:?}");
        assert_eq!(meter.take().calls, 0);
    }
}
