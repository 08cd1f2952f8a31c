//! A proxy in front of DynamoDB that loses answers: the request arrives and is carried out, and the
//! caller never hears of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The proxy.
pub struct LosingProxy {
    addr: SocketAddr,
    to_pass: Arc<AtomicUsize>,
    to_lose: Arc<AtomicUsize>,
    lost: Arc<AtomicUsize>,
}

impl LosingProxy {
    /// In front of the server at `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("its address");
        let [to_pass, to_lose, lost] = std::array::from_fn(|_| Arc::<AtomicUsize>::default());
        let counters = [&to_pass, &to_lose, &lost].map(Arc::clone);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counters = counters.clone();
                tokio::spawn(async move { pass(client, upstream, &counters).await });
            }
        });
        Self { addr, to_pass, to_lose, lost }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Loses the next `count` answers.
    pub fn lose(&self, count: usize) {
        self.to_lose.store(count, Ordering::SeqCst);
    }

    /// Lets so many answers through, and loses the one after them.
    pub fn lose_after(&self, count: usize) {
        self.to_pass.store(count, Ordering::SeqCst);
        self.lose(1);
    }

    /// How many answers were lost so far.
    pub fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

/// Passes bytes on in both directions; an answer that is to be lost closes the connection.
async fn pass(
    mut client: TcpStream,
    upstream: SocketAddr,
    [to_pass, to_lose, lost]: &[Arc<AtomicUsize>; 3],
) -> Option<()> {
    let mut server = TcpStream::connect(upstream).await.ok()?;
    let (mut from_client, mut from_server) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let read = read.ok().filter(|read| *read > 0)?;
                server.write_all(&from_client[..read]).await.ok()?;
            }
            read = server.read(&mut from_server) => {
                let read = read.ok().filter(|read| *read > 0)?;
                let one_less = |left: usize| left.checked_sub(1);
                let count_down = |counter: &AtomicUsize| {
                    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
                };
                if !count_down(to_pass) && count_down(to_lose) {
                    lost.fetch_add(1, Ordering::SeqCst);
                    return None;
                }
                client.write_all(&from_server[..read]).await.ok()?;
            }
        }
    }
}
