//! The import: every contact of the external service on Botmatic, once, with its pair.

pub mod job;
pub mod jobs;
mod request;
pub mod source;

pub use request::{ImportRequest, InvalidPageSize, Mode, PageSize};
