//! Stands between a function and a server on this machine, and takes the time that a network and
//! AWS take. No request waits for another one.

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

use super::{BenchError, meter::read_message};

/// What is done with a request, head and body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delay {
    /// How long it waits.
    pub(super) latency: fn(&[u8]) -> Duration,
    /// An answer in place of the server's.
    pub(super) instead: fn(&[u8]) -> Option<Bytes>,
}

/// Stands in front of the server at `endpoint`, on the runtime that starts it.
pub(super) async fn start(endpoint: &str, delay: Delay) -> Result<SocketAddr, BenchError> {
    let failed = |source| BenchError::Meter { upstream: endpoint.to_owned(), source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let upstream = endpoint.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let upstream = upstream.clone();
            tokio::spawn(async move {
                // The function sees the end of the connection, and the answer is missed there.
                let _ = serve(client, &upstream, delay).await;
            });
        }
    });
    Ok(addr)
}

async fn serve(mut client: TcpStream, upstream: &str, delay: Delay) -> io::Result<()> {
    let mut server = TcpStream::connect(upstream).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut from_server) = (BytesMut::new(), BytesMut::new());
    while let Some(request) = read_message(&mut client, &mut from_client).await? {
        sleep((delay.latency)(&request)).await;
        let answer = if let Some(answer) = (delay.instead)(&request) {
            answer
        } else {
            server.write_all(&request).await?;
            let answer = read_message(&mut server, &mut from_server).await?;
            answer.ok_or(io::ErrorKind::UnexpectedEof)?
        };
        client.write_all(&answer).await?;
    }
    Ok(())
}
