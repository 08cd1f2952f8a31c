//! A contact, and what is known of it.

use serde_json::Value;

use super::view::View;
use crate::contacts::{BotmaticId, ExternalId, Side};
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// A contact by its id on the side from which we hear of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// On Botmatic.
    Botmatic(BotmaticId),
    /// On the external service.
    External(ExternalId),
}

impl Contact {
    /// Where it is.
    pub const fn side(&self) -> Side {
        match self {
            Self::Botmatic(_) => Side::Botmatic,
            Self::External(_) => Side::External,
        }
    }

    /// Its id there.
    pub fn id(&self) -> &str {
        match self {
            Self::Botmatic(id) => id.as_str(),
            Self::External(id) => id.as_str(),
        }
    }
}

/// By what a contact that is being created is recognised on the other side: its e-mail address,
/// or all it holds if it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CreationKey(Fingerprint);

/// The bit by which the key of an address is told from that of a contact without one.
const ADDRESS: u64 = 1;

impl CreationKey {
    /// The key of every contact that has this e-mail address.
    pub fn of_address(email: &str) -> Self {
        Self::from_bits(Fingerprint::of(&format!("email {email}")).to_bits() | ADDRESS)
    }

    /// The key of a contact without an address, which holds these values.
    pub fn of_values(values: &Value) -> Self {
        Self::from_bits(Fingerprint::of_value(values).to_bits() & !ADDRESS)
    }

    /// Whether it is that of an address. Nobody else has it; the same values somebody else may have.
    pub const fn is_address(self) -> bool {
        self.to_bits() & ADDRESS == ADDRESS
    }

    /// The one with this stored form.
    pub const fn from_bits(bits: u64) -> Self {
        Self(Fingerprint::from_bits(bits))
    }

    /// The stored form.
    pub const fn to_bits(self) -> u64 {
        self.0.to_bits()
    }
}

/// What is known of a contact.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Nothing.
    Unknown,
    /// Its creation on the other side was begun at this time, and it is not known how that went.
    Creating {
        /// When.
        since: Timestamp,
    },
    /// It is this one on the other side.
    Paired(Box<Paired>),
    /// It was deleted.
    Deleted,
}

/// A pair and what both sides hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    /// The contact on Botmatic.
    pub botmatic: BotmaticId,
    /// The same on the external service.
    pub external: ExternalId,
    /// What both hold.
    pub view: View,
}
