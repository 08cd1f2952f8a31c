//! What a contact is called on the external side.

use crate::botmatic::contact::opaque_id;

opaque_id! {
    /// A contact's id on the external service: opaque, a number or a text on the wire.
    ExternalId
}
