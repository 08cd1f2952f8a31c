//! Jobs in DynamoDB, in the table of integrations and pairs.
//!
//! A part is leased to whoever works on it; its progress is saved on condition that it still is. So
//! of two functions that believe to have one part, one learns with its next page that it has not.
//! That contacts are created once does not depend on this, but on the claims of the pairs.

mod create;
mod delete;
mod end;
mod failures;
mod item;
mod jobs;
mod lease;
mod read;

pub use failures::FailurePage;
pub use jobs::{JobError, Jobs, Started};
pub use lease::{PartLease, Taken};
