//! DynamoDB, embedded: dynoxide behind its HTTP API on a loopback port.
//!
//! It runs on a thread of its own, so that it answers while a test's runtime is busy, and outlives
//! the runtime of the test that started it.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread,
};

use tokio::{net::TcpListener, sync::oneshot};

/// The file inside the data directory.
const FILE: &str = "dynamodb.sqlite";
/// Requests take turns at the database anyway.
const WORKERS: usize = 2;

/// The embedded DynamoDB did not start.
#[derive(Debug, thiserror::Error)]
pub enum DynamoError {
    /// The port is taken, or the address is not one of this machine.
    #[error("cannot listen on {addr} for DynamoDB")]
    Listen {
        /// What was asked for.
        addr: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The data directory cannot be made.
    #[error("cannot create the data directory {}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The database file cannot be opened.
    #[error("cannot open the embedded DynamoDB's database")]
    Open(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no thread or runtime to be had.
    #[error("cannot start a thread for DynamoDB")]
    Thread(#[source] io::Error),
}

/// A running DynamoDB. It stops when dropped; [`Dynamo::stop`] also waits for it.
#[derive(Debug)]
pub struct Dynamo {
    addr: SocketAddr,
    /// Dropping it stops the server.
    shutdown: oneshot::Sender<()>,
    stopped: oneshot::Receiver<()>,
}

impl Dynamo {
    /// Starts it on `addr` (port 0 takes a free one), in memory, or in a file below `data_dir`.
    pub fn start(addr: SocketAddr, data_dir: Option<&Path>) -> Result<Self, DynamoError> {
        let database = open(data_dir)?;
        let failed = |source| DynamoError::Listen { addr, source };
        let listener = std::net::TcpListener::bind(addr).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;

        let (shutdown, asked) = oneshot::channel();
        let (finished, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .enable_all()
            .build()
            .map_err(DynamoError::Thread)?;
        let serve = move || {
            let served = runtime.block_on(serve(listener, database, asked));
            // Ends the connections that are left and, with their last handle, closes the file.
            drop(runtime);
            if let Err(reason) = served {
                eprintln!("patchcord: the embedded DynamoDB stopped: {reason}");
            }
            let _ = finished.send(());
        };
        thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(serve)
            .map_err(DynamoError::Thread)?;
        Ok(Self { addr, shutdown, stopped })
    }

    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What goes into `DYNAMODB_ENDPOINT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops it and waits until the database is closed.
    pub async fn stop(self) {
        drop(self.shutdown);
        let _ = self.stopped.await;
    }
}

/// Opens the database, making its directory first.
fn open(data_dir: Option<&Path>) -> Result<dynoxide::Database, DynamoError> {
    let opened = match data_dir {
        None => dynoxide::Database::memory(),
        Some(dir) => {
            std::fs::create_dir_all(dir)
                .map_err(|source| DynamoError::Directory { path: dir.to_owned(), source })?;
            dynoxide::Database::new(&dir.join(FILE).to_string_lossy())
        }
    };
    opened.map_err(|error| DynamoError::Open(error.into()))
}

/// Serves until told to stop, and does not wait for requests that are still running then: an
/// update is one `SQLite` transaction, done or not done.
async fn serve(
    listener: std::net::TcpListener,
    database: dynoxide::Database,
    mut asked: oneshot::Receiver<()>,
) -> Result<(), String> {
    let listener = TcpListener::from_std(listener).map_err(|error| error.to_string())?;
    let forever = std::future::pending();
    tokio::select! {
        served = dynoxide::server::serve_with_shutdown(listener, database, forever) => served,
        _ = &mut asked => Ok(()),
    }
}
