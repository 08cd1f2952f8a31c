//! Why there are no figures.

use std::{io, path::PathBuf};

use patchcord::{chat::sessions::StoreError, contacts::pairs::PairError};

use crate::{
    dynamodb::DynamoError,
    queue::{QueueError, SqsStartError},
    runtime_api::LambdaError,
    standins::{BadFaults, Refusal, StandinError},
    tables::TableError,
};

/// Why there are no figures, or why they are not good enough.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// Nobody has built it.
    #[error(
        "no binary {}; run `make bench`, or `cargo build --release -p {function}` first",
        binary.display()
    )]
    NoBinary {
        /// The package.
        function: &'static str,
        /// Where it was expected.
        binary: PathBuf,
        /// Why it cannot be had.
        #[source]
        source: io::Error,
    },
    /// DynamoDB did not start.
    #[error(transparent)]
    Dynamo(#[from] DynamoError),
    /// The queue did not start.
    #[error(transparent)]
    Sqs(#[from] SqsStartError),
    /// The queue could not be made.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The table could not be made.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A session could not be prepared.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stand-in did not start.
    #[error(transparent)]
    Standin(#[from] StandinError),
    /// A stand-in did not take a contact.
    #[error("a stand-in refused a contact")]
    Contact(#[from] Refusal),
    /// The function did not start, or did not answer.
    #[error(transparent)]
    Lambda(#[from] LambdaError),
    /// The function answered something else.
    #[error("expected the answer to have {expected:?}, got {answer:?}")]
    WrongAnswer {
        /// What has to be in it.
        expected: String,
        /// The whole answer.
        answer: String,
    },
    /// A session that nobody else knows was not free.
    #[error("the session {key} is not free")]
    SessionNotFree {
        /// Its key.
        key: String,
    },
    /// There is no meter.
    #[error("cannot listen in front of {upstream}")]
    Meter {
        /// What was to be behind it.
        upstream: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// What Linux tells about the machine and its processes.
    #[error("cannot read {}", path.display())]
    Proc {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A program that describes the machine.
    #[error("cannot run {program}")]
    Program {
        /// Its name.
        program: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The figures cannot be saved.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// An import has left some out, or brought some twice.
    #[error("expected {expected} contacts on Botmatic, found {found}")]
    Contacts {
        /// How many there should be.
        expected: u64,
        /// How many there are.
        found: usize,
    },
    /// A pair could not be saved.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// A stand-in did not take its faults.
    #[error(transparent)]
    Faults(#[from] BadFaults),
    /// What does not depend on the machine.
    #[error("{figure}: expected exactly {expected} each time, found {least} to {most}")]
    Calls {
        /// Of what.
        figure: &'static str,
        /// How many there should be.
        expected: f64,
        /// The fewest there were.
        least: f64,
        /// The most there were.
        most: f64,
    },
}
