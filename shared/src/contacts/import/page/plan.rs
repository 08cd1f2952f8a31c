//! What a contact of the source needs, by what is known of it.

use std::time::Duration;

use crate::contacts::Side;
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::request::Mode;
use crate::contacts::mapping::Mapped;
use crate::contacts::pairs::Known;
use crate::contacts::sync::{Change, Loop};
use crate::ground::clock::Timestamp;

/// A contact, and what it is on Botmatic.
pub(super) struct Candidate {
    pub contact: ExternalContact,
    pub mapped: Mapped,
}

/// What it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// It has a pair, and nothing new.
    Nothing,
    /// It is created on Botmatic, and paired.
    Create,
    /// Botmatic's contact is changed.
    Update,
    /// It is not known whether Botmatic has created it.
    Doubt,
    /// The sync is told of it, as if it had been pushed: it asks and waits where it has to.
    Tell,
}

/// What `candidate` needs. A contact that was written to within `settle` may be older in the list
/// than what is known of it.
pub(super) fn task(
    candidate: &Candidate,
    known: &Known,
    mode: Mode,
    settle: Duration,
    now: Timestamp,
) -> Task {
    match known {
        Known::Unknown => Task::Create,
        Known::Creating { .. } => Task::Doubt,
        Known::Deleted => Task::Tell,
        Known::Paired(_) if mode == Mode::Missing => Task::Nothing,
        Known::Paired(paired) => {
            let is_quiet = paired.view.last_written.is_none_or(|at| now.since(at) >= settle);
            match Change::of(&candidate.mapped, Side::External, &paired.view, now) {
                Err(Loop) => Task::Nothing,
                Ok(change) if change.fields.is_empty() => Task::Nothing,
                Ok(_) if is_quiet => Task::Update,
                Ok(_) => Task::Tell,
            }
        }
    }
}
