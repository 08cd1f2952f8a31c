//! Pairs in memory, for unit tests.

mod integration;
mod many;
mod store;
#[cfg(test)]
mod tests;

pub use store::MemoryPairs;
