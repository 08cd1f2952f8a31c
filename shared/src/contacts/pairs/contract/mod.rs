//! What every [`PairStore`](super::PairStore) does, as a test that runs against each of them.

#![expect(clippy::expect_used, reason = "a test, public so that it runs against stores elsewhere")]

mod check;
mod claims;
mod creations;
mod deletions;
mod ids;
mod parts;

pub use check::check;
