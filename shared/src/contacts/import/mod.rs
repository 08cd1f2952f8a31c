//! The import: every contact of the external service on Botmatic, once, with its pair.
//!
//! One run is a job. Its source is read in pages, several at a time, and progress is saved after
//! the pairs of a page are. A job may be divided into parts, which functions work on side by side,
//! each for as long as its invocation lasts: a slice. What is not done then goes on with the next
//! slice, through a queue.
//!
//! A contact is claimed before Botmatic is asked to create it, and stays so until its pair is
//! saved. So whoever takes over from a function that has died knows which contacts may be there.
//!
//! | Where | What |
//! |---|---|
//! | [`job`] | a job and its parts, as data; [`store`] has them in DynamoDB |
//! | `imports` | starting jobs, ending them, and looking at them: all that needs no contact |
//! | `importer` | what whoever works on jobs is made of |
//! | `run` | the work: a slice, its part, the part's pages in their order |
//! | `page` | the contacts of one page: what each needs, and doing it |
//! | [`source`] | where contacts are read |
//! | `messages` | by which a part is handed on |

mod config;
mod importer;
mod imports;
pub mod job;
mod messages;
mod page;
mod request;
mod run;
pub mod source;
mod status;
mod stop;
pub mod store;

pub use crate::contacts::limiter::{InvalidRate, Rate};
pub use config::ImportConfig;
pub use importer::{Importer, ImporterParts};
pub use imports::{Begun, Imports, StartError};
pub use messages::{Due, Slice, Slices};
pub use request::{ImportRequest, InvalidPageSize, Mode, PageSize};
pub(in crate::contacts) use run::LEASE;
pub use run::{AnnouncementError, Finished, FinishedConfig, ImportError};
pub use status::Status;
