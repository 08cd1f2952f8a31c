//! Reading `patchcord.yaml`: YAML into a tree, references to secrets into their values, and parts
//! of the tree into types, with errors that name the place and what was expected.
//!
//! What the file may say is decided by the wings; this knows only how to read it.

mod document;
mod error;
mod mistake;
mod reference;
mod resolve;
mod value;

pub use document::{Document, Section, locate, read, read_rest};
pub use error::{ConfigError, ConfigErrors, LoadError, Place};
pub use resolve::{Parameters, ResolveError, SsmParameters};
