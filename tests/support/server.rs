//! A small HTTP server that plays the part of somebody else's, and can be told to hold answers back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::wait::until;

/// What to answer to a request, given its head and body as text.
type Answer = dyn Fn(&str) -> Reply + Send + Sync;

/// A status and a JSON body.
pub type Reply = (u16, String);

/// The server.
pub struct FakeServer {
    url: String,
    received: watch::Receiver<usize>,
}

impl FakeServer {
    /// A server that answers with what `answer` says, but holds back its first `to_hold` answers
    /// for ever.
    pub async fn start(
        to_hold: usize,
        answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let to_hold = Arc::new(AtomicUsize::new(to_hold));
        let answer: Arc<Answer> = Arc::new(answer);
        let (count, received) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (to_hold, answer) = (Arc::clone(&to_hold), Arc::clone(&answer));
                let count = count.clone();
                tokio::spawn(async move { serve(client, &to_hold, &*answer, &count).await });
            }
        });
        Self { url, received }
    }

    /// A Rasa server that says `done` to every message, and refuses what is none.
    pub async fn rasa(to_hold: usize) -> Self {
        Self::start(to_hold, |request| {
            let is_message = request.starts_with("POST /webhooks/rest/webhook")
                && request.contains("\"sender\"")
                && request.contains("\"message\"");
            if is_message {
                (200, r#"[{"recipient_id":"user","text":"done"}]"#.to_owned())
            } else {
                (400, "{}".to_owned())
            }
        })
        .await
    }

    /// Systems Manager with one parameter. It wants the call signed, as AWS does.
    pub async fn parameter_store(name: &'static str, value: &'static str) -> Self {
        Self::start(0, move |request| {
            let lowercase = request.to_lowercase();
            let is_signed = lowercase.contains("authorization: aws4-hmac-sha256 credential=");
            let is_ours = lowercase.contains("x-amz-target: amazonssm.getparameter\r\n");
            let error = |kind: &str| (400, format!(r#"{{"__type":"{kind}"}}"#));
            match (is_signed && is_ours, request.contains(&format!("\"{name}\""))) {
                (false, _) => error("MissingAuthenticationToken"),
                (true, false) => error("ParameterNotFound"),
                (true, true) => {
                    (200, format!(r#"{{"Parameter":{{"Name":"{name}","Value":"{value}"}}}}"#))
                }
            }
        })
        .await
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until it has received `count` requests in all.
    ///
    /// # Panics
    /// If it never does: with the place that waits.
    #[track_caller]
    pub fn received(&self, count: usize) -> impl Future<Output = ()> {
        until(move || self.requests() >= count)
    }

    /// How many requests it has received so far.
    pub fn requests(&self) -> usize {
        *self.received.borrow()
    }
}

async fn serve(
    mut client: TcpStream,
    to_hold: &AtomicUsize,
    answer: &Answer,
    count: &watch::Sender<usize>,
) -> Option<()> {
    loop {
        let request = read_request(&mut client).await?;
        let one_less = |left: usize| left.checked_sub(1);
        let held = to_hold.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        count.send_modify(|count| *count += 1);
        if held.is_ok() {
            std::future::pending::<()>().await;
        }
        let (status, body) = answer(&request);
        let status_line = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        client.write_all(format!("{status_line}{body}").as_bytes()).await.ok()?;
    }
}

/// One request with a `content-length`, head and body.
pub async fn read_request(client: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = client.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0) {
            return Some(text);
        }
    }
}
