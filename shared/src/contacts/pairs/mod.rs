//! Which contact of Botmatic's is which of the external service's, and what both were last known
//! to hold.
//!
//! Both directions of a pair agree always: they are saved in one transaction and deleted in one.
//! Whoever changes a contact claims it first, so that two events of one contact are handled one
//! after the other, and a contact is created once.

mod claim;
mod contact;
pub mod contract;
mod dynamodb;
mod error;
mod guard;
mod many;
mod memory;
mod record;
mod store;
mod view;

pub use claim::{Begun, Claim, ClaimRequest, Claimed, Lease};
pub use contact::{Contact, CreationKey, Known, Paired};
pub use dynamodb::DynamoPairs;
pub use error::PairError;
pub use many::{BegunOutside, NewPair};
pub use memory::MemoryPairs;
pub use store::{Deletion, PairStore};
pub use view::View;
