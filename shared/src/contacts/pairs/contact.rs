//! A contact, and what is known of it.

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
pub struct CreationKey(pub Fingerprint);

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
