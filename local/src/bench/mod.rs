//! `make bench`: figures of a function's release binary, beside their targets.
//!
//! Instances of the binary run on the Runtime API of [`crate::runtime_api`] and the embedded
//! DynamoDB of [`crate::dynamodb`]. What each figure means is in `docs/benchmarks.md`.

mod error;
mod figures;
mod instance;
mod machine;
mod meter;
mod options;
mod plan;
mod process;
mod report;
mod statistics;
mod table;

pub use error::BenchError;
pub use options::BenchOptions;
pub use plan::bench;
