//! What every [`PairStore`](super::PairStore) does, as a test that runs against each of them.

#![expect(clippy::expect_used, reason = "a test, public so that it runs against stores elsewhere")]

mod begin_many;
mod check;
mod claims;
mod creations;
mod deletions;
mod end_many;
mod ids;
mod look_up;
mod parts;
mod taken_over;
mod workers;

pub use check::check;
