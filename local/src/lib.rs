//! The whole stack on one machine.
//!
//! - [`dynamodb`]: DynamoDB, embedded, in memory or kept in a directory.
//! - [`tables`]: the stack's tables, and how to create them in any DynamoDB.
//! - [`queue`]: SQS, in memory, and what invokes a function with its messages.
//! - [`runtime_api`]: runs real instances of a function's binary and invokes them, for tests and
//!   benchmarks.
//! - [`standins`]: stand-ins for Botmatic's API and for a CRM, which fail on demand.
//! - [`mod@bench`]: `make bench`, the figures of a release binary.
//! - [`import`]: `patchcord import`, an import in this process.
//! - [`map`]: `patchcord map`, what a contact becomes on the other side.
//! - [`telegram`]: `patchcord telegram`, where Telegram sends updates to.
//! - [`run`]: `make run`, all of it together behind `cargo lambda watch`.
//!
//! Nothing that is deployed depends on this crate.

pub mod bench;
pub mod dynamodb;
pub mod import;
mod interrupts;
pub mod map;
pub mod queue;
pub mod run;
pub mod runtime_api;
#[cfg(test)]
mod scratch;
pub mod standins;
pub mod tables;
pub mod telegram;
