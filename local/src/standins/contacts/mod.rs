//! The contacts of one tenant: in memory, or computed when they are asked for.

mod contact;
mod generated;
mod merge;
mod store;
#[cfg(test)]
mod tests;

pub use contact::Contact;
pub(super) use generated::Generated;
pub(super) use merge::merge;
pub(super) use store::{Contacts, Record};
