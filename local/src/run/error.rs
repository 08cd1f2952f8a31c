//! Why the stack does not run.

use std::{io, path::PathBuf, process::ExitStatus};

use patchcord::ground::http::HttpClientError;

use crate::{
    dynamodb::DynamoError,
    queue::{QueueError, SqsStartError},
    standins::StandinError,
    tables::TableError,
};

/// Why the stack does not run, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Somebody else listens there.
    #[error(
        "port {port} on 127.0.0.1, needed for {purpose}, is taken; stop what listens there, or \
         choose another port with {variable}=…"
    )]
    PortTaken {
        /// The port.
        port: u16,
        /// What would have listened there.
        purpose: &'static str,
        /// Where another one is chosen.
        variable: &'static str,
    },
    /// The command was not called in a clone of the project.
    #[error("no Cargo.lock in {} or above it; run this in the project", start.display())]
    NoWorkspace {
        /// Where the search began.
        start: PathBuf,
    },
    /// DynamoDB did not start.
    #[error(transparent)]
    Dynamo(#[from] DynamoError),
    /// A stand-in did not start.
    #[error(transparent)]
    Standin(#[from] StandinError),
    /// The queue's server did not start.
    #[error(transparent)]
    Sqs(#[from] SqsStartError),
    /// The queue could not be made.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// There is nothing to invoke functions with.
    #[error(transparent)]
    Client(#[from] HttpClientError),
    /// A table could not be made.
    #[error(transparent)]
    Table(#[from] TableError),
    /// There is no cargo-lambda.
    #[error(
        "cannot run {}; `make tools` fetches cargo-lambda, or set CARGO_LAMBDA to its path",
        program.display()
    )]
    NoCargoLambda {
        /// What was tried.
        program: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It ended by itself.
    #[error("cargo lambda watch ended by itself ({status}); what it said is above")]
    WatchEnded {
        /// How it ended.
        status: ExitStatus,
    },
    /// A file could not be read or written, or a process not be watched.
    #[error("cannot {action}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Processes survived SIGKILL.
    #[error("these processes could not be ended: {}", join(pids))]
    Survivors {
        /// Their numbers.
        pids: Vec<u32>,
    },
}

impl RunError {
    /// For `map_err`.
    pub(super) fn io(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, source }
    }
}

fn join(pids: &[u32]) -> String {
    pids.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
