//! What a contact of one side is on the other: the list `contacts.mappings` of `patchcord.yaml`,
//! compiled when a function starts. How to write it: `docs/mappings.md`.
//!
//! A value passes four stages: it is **read** by the side it comes from (notation, then type),
//! **transformed** on its way, **typed** and **written** in the notation of the side it goes to.

mod checks;
mod codec;
mod compile;
mod config;
mod failure;
mod format;
mod functions;
mod mapped;
mod mappings;
mod moment;
mod phone;
mod property;
mod route;
mod step;
mod table;
mod transform;
mod types;

#[cfg(test)]
mod tests;

/// The Rust of the document is compiled with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/mappings.md")]
struct Document;

pub use failure::Failure;
pub use functions::Functions;
pub use mapped::{Entry, Mapped, Origin, Problem};
pub use mappings::{Line, Mappings};
pub use route::Extent;
