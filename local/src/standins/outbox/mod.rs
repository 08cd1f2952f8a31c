//! What the stand-ins tell the other side: in order for each contact, tried again when it fails,
//! and on demand twice, late, out of order or lost at first.

mod deliver;
mod faults;
mod lanes;
mod message;
mod snapshot;

pub use faults::DeliveryFaults;
pub(super) use lanes::Outbox;
pub(super) use message::Message;
pub use snapshot::{Delivery, Ending, OutboxSnapshot};
