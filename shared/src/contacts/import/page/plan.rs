//! What a contact of the source needs, by what is known of it.

use std::time::Duration;

use crate::contacts::Side;
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::request::Mode;
use crate::contacts::mapping::Mapped;
use crate::contacts::pairs::{Known, View};
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

/// Whether what a list says of a contact, which was read at `read_at`, is newer than what is known
/// of it. One that was written to since, or within `settle` before, may be older in the list.
pub(super) fn is_newer(read_at: Timestamp, view: &View, settle: Duration) -> bool {
    view.last_written.is_none_or(|last_written| last_written + settle <= read_at)
}

/// What `candidate` needs, which was read at `read_at`.
pub(super) fn task(
    candidate: &Candidate,
    known: &Known,
    mode: Mode,
    settle: Duration,
    [read_at, now]: [Timestamp; 2],
) -> Task {
    match known {
        Known::Unknown => Task::Create,
        Known::Creating { .. } => Task::Doubt,
        Known::Deleted => Task::Tell,
        Known::Paired(_) if mode == Mode::Missing => Task::Nothing,
        Known::Paired(paired) => {
            match Change::of(&candidate.mapped, Side::External, &paired.view, now) {
                Err(Loop) => Task::Nothing,
                Ok(change) if change.fields.is_empty() => Task::Nothing,
                Ok(_) if is_newer(read_at, &paired.view, settle) => Task::Update,
                Ok(_) => Task::Tell,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_shortly_before_a_page_was_read_or_since_may_be_newer() {
        let at = Timestamp::from_millis;
        for (last_written, expected) in [
            (None, true),
            (Some(at(89_999)), true),
            (Some(at(90_000)), true),
            (Some(at(90_001)), false),
            (Some(at(100_000)), false),
            (Some(at(200_000)), false),
        ] {
            let mut view = View::default();
            view.last_written = last_written;
            let settle = Duration::from_secs(10);
            assert_eq!(is_newer(at(100_000), &view, settle), expected, "{last_written:?}");
        }
    }
}
