//! The Lambda around a function: what it answers until the process is told to stop.

mod event;
mod http;
mod invocations;
mod streamed;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use lambda_http::tower::layer::layer_fn;
use lambda_runtime::{Runtime, service_fn};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::spawn_local;
use tokio::time::timeout;

use super::botmatic::Botmatic;
use super::channel::Channel;
use super::import::ContactImport;
use super::setup::StartError;
use super::webhook::Webhook;
use super::worker::Worker;
use http::buffered;
use invocations::invocations;
use streamed::Streamed;

/// Set to `buffered`, it answers function URLs whose `InvokeMode` is `BUFFERED`. Those cannot be
/// told from streaming ones by the event, and would show the caller the stream's prelude.
const RESPONSE_MODE: &str = "PATCHCORD_RESPONSE_MODE";

/// Whether answers may be streamed.
fn may_stream(mode: Option<&str>) -> Result<bool, StartError> {
    match mode {
        None | Some("" | "streamed") => Ok(true),
        Some("buffered") => Ok(false),
        Some(_) => Err(StartError::ResponseMode),
    }
}

/// What a connector has for its `disconnect`.
const DISCONNECT_TIMEOUT: Duration = Duration::from_millis(300);

impl Webhook {
    /// Answers invocations until the process is told to stop.
    ///
    /// # Panics
    /// Outside of a local runtime, `#[tokio::main(flavor = "local")]`, and of a `LocalSet`.
    pub async fn run(self) -> Result<(), StartError> {
        as_task(self.serve()).await
    }

    async fn serve(self) -> Result<(), StartError> {
        let webhook = Arc::new(self);
        let may_stream = may_stream(std::env::var(RESPONSE_MODE).ok().as_deref())?;
        let answering = Arc::clone(&webhook);
        // `Streamed` takes what can be streamed before it comes here.
        let runtime =
            Runtime::new(service_fn(move |event| buffered(Arc::clone(&answering), event)));
        let streaming = Arc::clone(&webhook);
        let streamed = layer_fn(move |inner| Streamed::new(inner, Arc::clone(&streaming)));
        let runtime = async move {
            if may_stream { runtime.layer(streamed).run().await } else { runtime.run().await }
        };
        tokio::select! {
            result = runtime => result.map_err(StartError::Runtime),
            () = terminated() => {
                disconnect(&webhook.channels).await;
                Ok(())
            }
        }
    }
}

impl Botmatic {
    /// Answers invocations until the process is told to stop. No answer is streamed.
    ///
    /// # Panics
    /// Outside of a local runtime, `#[tokio::main(flavor = "local")]`, and of a `LocalSet`.
    pub async fn run(self) -> Result<(), StartError> {
        as_task(self.serve()).await
    }

    async fn serve(self) -> Result<(), StartError> {
        let botmatic = Arc::new(self);
        let runtime = Runtime::new(service_fn(move |event| buffered(Arc::clone(&botmatic), event)));
        tokio::select! {
            result = runtime.run() => result.map_err(StartError::Runtime),
            () = terminated() => Ok(()),
        }
    }
}

impl ContactImport {
    /// Does what it is invoked for until the process is told to stop.
    ///
    /// # Panics
    /// Outside of a local runtime, `#[tokio::main(flavor = "local")]`, and of a `LocalSet`.
    pub async fn run(self) -> Result<(), StartError> {
        as_task(self.serve()).await
    }

    async fn serve(self) -> Result<(), StartError> {
        let function = Arc::new(self);
        let clock = Arc::clone(&function.importer().imports().clock);
        let invocations = invocations(clock, "Import", move |event, deadline| {
            let function = Arc::clone(&function);
            async move { function.handle(event, deadline).await }
        });
        tokio::select! {
            result = invocations => result,
            () = terminated() => Ok(()),
        }
    }
}

impl Worker {
    /// Answers batches until the process is told to stop.
    ///
    /// # Panics
    /// Outside of a local runtime, `#[tokio::main(flavor = "local")]`, and of a `LocalSet`.
    pub async fn run(self) -> Result<(), StartError> {
        as_task(self.serve()).await
    }

    async fn serve(self) -> Result<(), StartError> {
        let worker = Arc::new(self);
        let working = Arc::clone(&worker);
        let invocations =
            invocations(Arc::clone(&worker.clock), "Worker", move |batch, deadline| {
                let worker = Arc::clone(&working);
                async move { worker.handle(batch, deadline).await }
            });
        tokio::select! {
            result = invocations => result,
            () = terminated() => {
                disconnect(&worker.channels).await;
                Ok(())
            }
        }
    }
}

/// A spawned task is polled again before tokio asks the kernel for events; the future of `main` is
/// not, which costs a system call for each message. It is a local one because the futures of
/// `lambda_runtime` are not known to be `Send`.
async fn as_task(
    serve: impl Future<Output = Result<(), StartError>> + 'static,
) -> Result<(), StartError> {
    match spawn_local(serve).await {
        Ok(served) => served,
        // Its words may be what somebody wrote.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(StartError::Runtime(error.into())),
        },
    }
}

async fn disconnect(channels: &BTreeMap<String, Channel>) {
    let disconnecting = channels.values().map(|channel| channel.connector.disconnect());
    // Lambda kills the process half a second after the signal.
    let _ = timeout(DISCONNECT_TIMEOUT, join_all(disconnecting)).await;
}

/// Resolves when the process gets SIGTERM.
async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}
