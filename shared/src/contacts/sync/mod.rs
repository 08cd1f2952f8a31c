//! The two-way sync: what happens to a contact on one side happens to it on the other.
//!
//! An event claims its contact, so that events of one contact are handled one after the other. What
//! it tells is compared with what both sides are known to hold; only what is new is written. So a
//! change that comes back as an event from the side it was written to ends there.

mod adopt;
mod change;
mod claim;
mod create;
mod delete;
mod doubt;
mod many;
mod news;
mod operations;
mod order;
mod other_side;
mod outcome;
mod pairing;
mod recognition;
mod update;

pub(in crate::contacts) use change::{Change, Loop};
pub(in crate::contacts) use claim::longest_claim;
pub(in crate::contacts) use create::view_of;
pub use operations::{Job, Sync, SyncParts};
pub use outcome::{Obstacle, Outcome, Unchanged};
pub(in crate::contacts) use recognition::creation_key;
