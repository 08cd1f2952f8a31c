//! Which contact of Botmatic's is which of the external service's, and what both were last known
//! to hold.
//!
//! Both directions of a pair agree always: they are saved in one transaction and deleted in one.
//! Whoever changes a contact claims it first, so that two events of one contact are handled one
//! after the other, and a contact is created once.

pub mod contract;
mod dynamodb;
mod guard;
mod memory;
mod record;
mod store;
mod view;

pub use dynamodb::DynamoPairs;
pub use memory::MemoryPairs;
pub use store::{
    Begun, Claim, ClaimRequest, Claimed, Contact, CreationKey, Deletion, Known, Lease, PairError,
    PairStore, Paired,
};
pub use view::View;
