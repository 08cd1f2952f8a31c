//! The import: every contact of the external service on Botmatic, once, with its pair.

pub mod source;
