//! What the external side tells us of its contacts: who may tell, and what was said.
//!
//! Plain requests come with a key or a Standard Webhooks signature, a vendor's webhook in the
//! vendor's own shape and verified in its own way. `docs/contact-pushes.md` has every form.

mod bodies;
mod error;
mod hubspot;
mod json;
mod pipedrive;
mod pushed;
mod pushes;
mod setting;
#[cfg(test)]
mod tests;

pub use bodies::{contact, contacts};
pub use error::PushError;
pub use pushed::Pushed;
pub use pushes::Pushes;
