//! Sessions: what is remembered of a conversation, and the store that lets one invocation at a
//! time answer it.
//!
//! A message costs two round trips. [`SessionStore::claim`] takes the session, refuses an event
//! that was answered before, and returns the state. [`SessionStore::commit`] saves the state,
//! remembers the event and frees the session. A process that dies in between leaves a lease that
//! ends with its invocation; whoever comes then starts from the state before.

pub mod contract;
mod dynamodb;
mod memory;
mod record;
mod session;
mod store;

pub use dynamodb::{DynamoSessions, KEY_ATTRIBUTE, TTL_ATTRIBUTE};
pub use memory::MemorySessions;
pub use record::{ANSWERS_KEPT, EVENTS_KEPT, MAX_RECORD_BYTES};
pub use session::{Answer, Failure, Session, SessionKey};
pub use store::{Claim, ClaimRequest, Claimed, Commit, Lease, Page, SessionStore, StoreError};
