//! Working on a part of a job: page after page, several at a time, until it is done or the time is
//! over.

mod advance;
mod bring_page;
mod close;
mod doubts;
mod finished;
mod headway;
mod pages;
mod part;
mod slice;
mod step;

use std::sync::atomic::AtomicBool;

use crate::botmatic::integrations::Integration;
use crate::contacts::import::job::Job;
use crate::contacts::import::source::Source;
use crate::ground::clock::{Deadline, Timestamp};

pub use finished::{AnnouncementError, Finished, FinishedConfig};
pub(in crate::contacts) use part::LEASE;
pub use slice::ImportError;

/// What everybody who works on a part needs to know.
pub(super) struct Run<'a> {
    pub job: &'a Job,
    pub integration: &'a Integration,
    pub source: &'a dyn Source,
    /// No call goes beyond this.
    pub deadline: Deadline,
    /// No page is begun after this, and Botmatic is not asked to create anything.
    pub stop_at: Timestamp,
    /// The part is ours no more: what has begun is finished, and nothing is waited for.
    pub is_given_up: AtomicBool,
}
