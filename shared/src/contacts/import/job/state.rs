//! A job.

use serde::{Deserialize, Serialize};

use super::id::JobId;
use crate::contacts::import::request::ImportRequest;
use crate::ground::clock::Timestamp;

/// One import.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// What it is called.
    pub id: JobId,
    /// What was asked for.
    pub request: ImportRequest,
    /// What it tries again, if it does.
    pub retry: Option<Retry>,
    /// Where it is in its life.
    pub state: JobState,
    /// Why it failed, if it did.
    pub reason: Option<String>,
    /// How many contacts the source has, if it says so.
    pub total: Option<u64>,
    /// Into how many parts it is divided, and how many of them are not done.
    pub parts: u32,
    /// How many of them are not done.
    pub open_parts: u32,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Whether its end was told.
    pub is_announced: bool,
}

/// Another job's failures are tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// That job.
    pub of: JobId,
    /// Whether contacts are created of which it is not known whether they were.
    pub create_doubtful: bool,
}

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Contacts are being brought over.
    Running,
    /// Every contact of the source was dealt with.
    Finished,
    /// Somebody has ended it.
    Cancelled,
    /// It cannot go on, for the reason it has.
    Failed,
}

impl JobState {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// The state that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Finished, Self::Cancelled, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}
