//! `make bench`: figures of the functions' release binaries, beside their targets.
//!
//! Instances of a binary run on the Runtime API of [`crate::runtime_api`] and the embedded DynamoDB
//! of [`crate::dynamodb`], and those of `botmatic` between the services of [`crate::standins`]. What
//! each figure means is in `docs/benchmarks.md`.

mod binary;
mod botmatic;
mod command;
mod delay;
mod error;
mod figures;
mod import;
mod instance;
mod machine;
mod markdown;
pub mod meter;
mod options;
pub mod process;
mod report;
mod statistics;
mod table;
mod webhook;

pub use command::bench;
pub use error::BenchError;
pub use options::BenchOptions;
