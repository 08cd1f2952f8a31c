//! Pairs in memory, for unit tests.

mod integration;
mod store;

pub use store::MemoryPairs;
