//! A proxy in front of DynamoDB that loses answers, or holds them back: the request arrives and is
//! carried out, and the caller never hears of it.

use std::future::pending;
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
    to_hold: Arc<AtomicUsize>,
    held: Arc<AtomicUsize>,
}

impl LosingProxy {
    /// In front of the server at `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("its address");
        let counters: [_; 5] = std::array::from_fn(|_| Arc::<AtomicUsize>::default());
        let [to_pass, to_lose, lost, to_hold, held] = counters.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counters = counters.clone();
                tokio::spawn(async move { pass(client, upstream, &counters).await });
            }
        });
        Self { addr, to_pass, to_lose, lost, to_hold, held }
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

    /// Lets so many answers through, and no more: whoever has asked waits.
    pub fn hold_after(&self, count: usize) {
        self.to_pass.store(count, Ordering::SeqCst);
        self.to_hold.store(usize::MAX, Ordering::SeqCst);
    }

    /// How many answers are held back.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }
}

/// Passes bytes on in both directions; an answer that is to be lost closes the connection.
async fn pass(
    mut client: TcpStream,
    upstream: SocketAddr,
    [to_pass, to_lose, lost, to_hold, held]: &[Arc<AtomicUsize>; 5],
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
                let is_passed = count_down(to_pass);
                if !is_passed && count_down(to_lose) {
                    lost.fetch_add(1, Ordering::SeqCst);
                    return None;
                }
                if !is_passed && count_down(to_hold) {
                    held.fetch_add(1, Ordering::SeqCst);
                    pending::<()>().await;
                }
                client.write_all(&from_server[..read]).await.ok()?;
            }
        }
    }
}
