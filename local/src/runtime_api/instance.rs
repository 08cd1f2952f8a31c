//! One instance: a process, its own Runtime API, and somebody who watches over it.

use std::{
    net::SocketAddr,
    process::{ExitStatus, Stdio},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::{Notify, oneshot, watch},
    task::JoinHandle,
};

use super::{
    InstanceId, LambdaError,
    lambda::Shared,
    logs::Stream,
    server::{self, Server},
};

/// Lambda gives an init ten seconds. A machine that builds and tests beside it may need longer.
const INIT_TIMEOUT: Duration = Duration::from_mins(2);
/// A process that ended may have left children that hold its pipes.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How much of standard error an init error quotes.
const TAIL_LINES: usize = 50;
/// What Lambda sets, and the variables that a process needs to run at all.
const INHERITED: [&str; 4] = ["HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR"];

/// An instance as the dispatcher knows it.
#[derive(Debug)]
pub(super) struct Handle {
    pid: u32,
    starting: Arc<AtomicBool>,
    kill: Arc<Notify>,
    ended: watch::Receiver<()>,
}

impl Handle {
    pub(super) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether it has yet to ask for its first invocation.
    pub(super) fn is_starting(&self) -> bool {
        self.starting.load(Ordering::Relaxed)
    }

    /// SIGKILL.
    pub(super) fn kill(&self) {
        self.kill.notify_one();
    }

    /// Something to wait for its end with.
    pub(super) fn ended(&self) -> Ended {
        Ended(self.ended.clone())
    }
}

/// Resolves when an instance is no more.
#[derive(Debug)]
pub(super) struct Ended(watch::Receiver<()>);

impl Ended {
    pub(super) async fn wait(mut self) {
        // Nothing is ever sent; the watcher drops its end when it is through.
        while self.0.changed().await.is_ok() {}
    }
}

/// An instance that may still be in init.
#[derive(Debug)]
pub(super) struct Start {
    instance: InstanceId,
    shared: Arc<Shared>,
    ready: oneshot::Receiver<Result<(), LambdaError>>,
}

impl Start {
    /// Waits for its first `/next`. An instance that takes too long is killed.
    pub(super) async fn ready(self) -> Result<(), LambdaError> {
        if let Ok(ready) = tokio::time::timeout(INIT_TIMEOUT, self.ready).await {
            return ready.unwrap_or(Err(LambdaError::Stopped));
        }
        self.shared.dispatch.kill(self.instance);
        Err(LambdaError::InitTimeout { instance: self.instance, waited: INIT_TIMEOUT })
    }
}

/// Runs the binary once more.
pub(super) fn start(shared: &Arc<Shared>) -> Result<Start, LambdaError> {
    let (listener, addr) = listen().map_err(LambdaError::Listen)?;
    let instance = shared.latest.fetch_add(1, Ordering::Relaxed) + 1;
    let begun = Instant::now();
    let child = command(shared, addr)
        .spawn()
        .map_err(|source| LambdaError::Spawn { binary: shared.options.binary.clone(), source })?;

    let (ready_sender, ready) = oneshot::channel();
    let (alive, ended) = watch::channel(());
    let starting = Arc::new(AtomicBool::new(true));
    let kill = Arc::new(Notify::new());
    let pid = child.id().unwrap_or_default();
    let handle = Handle { pid, starting: Arc::clone(&starting), kill: Arc::clone(&kill), ended };
    shared.dispatch.add(instance, handle);

    let server = Arc::new(Server::new(instance, Arc::clone(shared), begun, starting, ready_sender));
    let serving = tokio::spawn(server::serve(listener, Arc::clone(&server)));
    let shared_too = Arc::clone(shared);
    tokio::spawn(async move {
        watch_over(&shared_too, child, &server, &kill).await;
        serving.abort();
        drop(alive);
        shared_too.start_missing();
    });
    Ok(Start { instance, shared: Arc::clone(shared), ready })
}

fn listen() -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    Ok((TcpListener::from_std(listener)?, addr))
}

/// The function sees what Lambda would show it, and nothing of this process's environment.
fn command(shared: &Shared, addr: SocketAddr) -> Command {
    let mut command = Command::new(&shared.options.binary);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true);
    command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.envs([
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", server::FUNCTION_NAME),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ]);
    command.env("AWS_LAMBDA_RUNTIME_API", addr.to_string());
    command.envs(shared.options.env.iter().map(|(name, value)| (name, value)));
    command
}

/// Waits until the process ends, by itself or because it is killed, and settles its affairs.
async fn watch_over(shared: &Arc<Shared>, mut child: Child, server: &Server, kill: &Notify) {
    let readers = read_logs(shared, &mut child, server.instance());
    let status = tokio::select! {
        status = child.wait() => status,
        () = kill.notified() => {
            // An error means that it has ended already.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    let _ = tokio::time::timeout(LAST_WORDS, async {
        for reader in readers {
            let _ = reader.await;
        }
    })
    .await;
    let status = status.unwrap_or_else(|_| ExitStatus::default());
    shared.dispatch.remove(server.instance(), status);
    let stderr = shared.logs.stderr_tail(server.instance(), TAIL_LINES);
    server.ended(status, stderr);
}

fn read_logs(shared: &Arc<Shared>, child: &mut Child, instance: InstanceId) -> Vec<JoinHandle<()>> {
    let mut readers = Vec::new();
    if let Some(pipe) = child.stdout.take() {
        let shared = Arc::clone(shared);
        let read = async move { shared.logs.read(instance, Stream::Stdout, pipe).await };
        readers.push(tokio::spawn(read));
    }
    if let Some(pipe) = child.stderr.take() {
        let shared = Arc::clone(shared);
        let read = async move { shared.logs.read(instance, Stream::Stderr, pipe).await };
        readers.push(tokio::spawn(read));
    }
    readers
}

/// Remembers how long an instance took to its first `/next`.
pub(super) fn record_start(shared: &Shared, took: Duration) {
    shared.starts.lock().unwrap_or_else(PoisonError::into_inner).push(took);
}
