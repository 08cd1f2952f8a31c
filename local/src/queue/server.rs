//! The queues of this machine behind SQS's HTTP API, on a loopback port.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use patchcord::ground::clock::{Clock, SystemClock};
use patchcord::ground::random::Random;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::queues::Queues;
use super::wire::{App, routes};

/// How the server is started.
pub struct SqsOptions {
    /// Where it listens. Port 0 takes a free one.
    pub addr: SocketAddr,
    /// The region that its queues are said to be in.
    pub region: String,
    /// What delays and timeouts go by.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub random: Random,
}

impl Default for SqsOptions {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            region: crate::tables::DEFAULT_REGION.to_owned(),
            clock: Arc::new(SystemClock),
            random: Random::from_entropy(),
        }
    }
}

/// The server did not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {addr} for SQS")]
pub struct SqsStartError {
    addr: SocketAddr,
    #[source]
    source: io::Error,
}

/// A running SQS. It stops when dropped; [`Sqs::stop`] also waits for it.
pub struct Sqs {
    addr: SocketAddr,
    queues: Arc<Queues>,
    /// Taken when it is told to stop.
    shutdown: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Sqs {
    /// Starts it, without queues, on the current runtime.
    pub async fn start(options: SqsOptions) -> Result<Self, SqsStartError> {
        let SqsOptions { addr, region, clock, random } = options;
        let failed = |source| SqsStartError { addr, source };
        let listener = TcpListener::bind(addr).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let queues = Queues::new(region, clock, random);
        let app = App { queues: Arc::clone(&queues), base: format!("http://{addr}").into() };
        // An answer is a small packet; it must not wait for the next one.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let (shutdown, asked) = oneshot::channel::<()>();
        let serve = axum::serve(listener, routes(app)).with_graceful_shutdown(async {
            let _ = asked.await;
        });
        let task = tokio::spawn(async {
            let _ = serve.await;
        });
        Ok(Self { addr, queues, shutdown: Some(shutdown), task: Some(task) })
    }

    /// What goes into `AWS_ENDPOINT_URL_SQS`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The URL of a queue, whether it is there or not.
    pub fn url(&self, queue: &str) -> String {
        format!("{}{}", self.endpoint(), Queues::path(queue))
    }

    /// The queues themselves.
    pub const fn queues(&self) -> &Arc<Queues> {
        &self.queues
    }

    /// Ends it: who waits for messages gets an answer without any, and requests that are running
    /// are answered.
    pub async fn stop(mut self) {
        self.tell();
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }

    fn tell(&mut self) {
        self.queues.stop();
        self.shutdown.take();
    }
}

impl Drop for Sqs {
    fn drop(&mut self) {
        self.tell();
    }
}
