//! A Rasa server that says `done` to everything, and that can be told to hold its answers back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The server.
pub struct FakeRasa {
    url: String,
    received: watch::Receiver<usize>,
    to_hold: Arc<AtomicUsize>,
}

impl FakeRasa {
    /// A server that holds back its first `to_hold` answers for ever.
    pub async fn holding(to_hold: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let to_hold = Arc::new(AtomicUsize::new(to_hold));
        let (count, received) = watch::channel(0);
        let holding = Arc::clone(&to_hold);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (holding, count) = (Arc::clone(&holding), count.clone());
                tokio::spawn(async move { serve(client, &holding, &count).await });
            }
        });
        Self { url, received, to_hold }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until it has received `count` messages in all.
    pub async fn received(&self, count: usize) {
        let mut received = self.received.clone();
        received.wait_for(|received| *received >= count).await.expect("the server");
    }

    /// How many messages it has received so far.
    pub fn messages(&self) -> usize {
        *self.received.borrow()
    }

    /// How many more answers it will hold back.
    pub fn left_to_hold(&self) -> usize {
        self.to_hold.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut client: TcpStream,
    to_hold: &AtomicUsize,
    count: &watch::Sender<usize>,
) -> Option<()> {
    loop {
        read_request(&mut client).await?;
        let held =
            to_hold.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        count.send_modify(|count| *count += 1);
        if held.is_ok() {
            std::future::pending::<()>().await;
        }
        let body = r#"[{"recipient_id":"user","text":"done"}]"#;
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        client.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
    }
}

/// Reads one request with a `content-length`.
async fn read_request(client: &mut TcpStream) -> Option<()> {
    let mut request = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = client.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0) {
            return Some(());
        }
    }
}
