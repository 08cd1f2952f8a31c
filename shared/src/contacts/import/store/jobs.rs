//! The store, with its verbs in the modules beside it.

use std::sync::Arc;

use super::item::{active_key, job_key, part_key};
use crate::contacts::import::job::JobId;
use crate::ground::aws::CallError;
use crate::ground::aws::dynamodb::{DynamoDb, Write};
use crate::ground::clock::Clock;
use crate::ground::seal::{SealError, Sealer};

/// The store failed, or refused.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no such import.
    #[error("no such import")]
    NotFound,
    /// Somebody else has the part, or the job has ended. Nothing was changed.
    #[error("the part of the import is somebody else's, or the import has ended")]
    LeaseLost,
    /// What is stored is not what this version writes.
    #[error("the stored import is not readable: expected {0}")]
    Corrupt(&'static str),
    /// Where the source of an import is cannot be encrypted or decrypted.
    #[error("the source of the import cannot be read in the table")]
    Sealed(#[source] SealError),
    /// The store could not be reached, or answered with an error.
    #[error("the store of imports did not answer")]
    Unavailable(#[source] Box<CallError>),
}

impl JobError {
    /// Whether the same call may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<CallError> for JobError {
    fn from(error: CallError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// What became of starting a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// It runs.
    New,
    /// The integration has one that runs: this one. Nothing was changed.
    Running(JobId),
}

/// Keeps jobs, their parts, and the contacts that failed.
#[derive(Clone)]
pub struct Jobs {
    pub(super) client: DynamoDb,
    pub(super) table: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sealer: Arc<Sealer>,
}

impl Jobs {
    /// The jobs in `table`, whose keys are `pk` and `sk`, both strings. Requests that name a file are
    /// sealed there: it may be a presigned URL, which lets everybody in.
    pub fn new(
        client: DynamoDb,
        table: String,
        clock: Arc<dyn Clock>,
        sealer: Arc<Sealer>,
    ) -> Self {
        Self { client, table, clock, sealer }
    }

    /// A write to the item that says which job of the integration runs.
    pub(super) fn active(&self, id: &JobId) -> Write<'_> {
        Write::to(&self.table, active_key(id.integration()))
    }

    /// A write to a job's item.
    pub(super) fn job(&self, id: &JobId) -> Write<'_> {
        Write::to(&self.table, job_key(id))
    }

    /// A write to the item of a part.
    pub(super) fn part(&self, id: &JobId, number: u32) -> Write<'_> {
        Write::to(&self.table, part_key(id, number))
    }
}
