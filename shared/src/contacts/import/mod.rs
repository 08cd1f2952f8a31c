//! The import: every contact of the external service on Botmatic, once, with its pair.
//!
//! One run is a job. Its source is read in pages, several at a time, and progress is saved after
//! the pairs of a page are. A job may be divided into parts, which functions work on side by side,
//! each for as long as its invocation lasts: a slice. What is not done then goes on with the next
//! slice, through a queue.
//!
//! A contact is claimed before Botmatic is asked to create it, and stays so until its pair is
//! saved. So whoever takes over from a function that has died knows which contacts may be there.

mod config;
mod importer;
mod imports;
pub mod job;
pub mod jobs;
mod page;
mod request;
mod run;
mod slices;
pub mod source;
mod status;
mod stop;

pub use crate::contacts::limiter::{InvalidRate, Rate};
pub use config::ImportConfig;
pub use importer::{Importer, ImporterParts};
pub use imports::{Begun, Imports, StartError};
pub use request::{ImportRequest, InvalidPageSize, Mode, PageSize};
pub(in crate::contacts) use run::LEASE;
pub use run::{AnnouncementError, Finished, FinishedConfig, ImportError};
pub use slices::{Due, Slice, Slices};
pub use status::Status;
