//! One run of an import: a job, the parts it is divided into, and what became of the contacts.

mod counts;
mod failure;
mod id;
mod part;
mod state;
mod trail;

pub use counts::Counts;
pub use failure::{Failure, Kind};
pub use id::{InvalidJobId, JobId};
pub use part::{DOUBTS_PART, Example, MAX_EXAMPLES, Part, Progress};
pub use state::{Job, JobState, Retry};
pub use trail::Trail;
