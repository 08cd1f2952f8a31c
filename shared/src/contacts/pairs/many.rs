//! Many contacts at a time: what an import asks for, and what it is answered.

use std::collections::HashSet;

use super::claim::Lease;
use super::contact::{CreationKey, Known};
use super::view::View;
use crate::contacts::{BotmaticId, ExternalId};

/// What became of one contact of `begin_creations`.
#[derive(Debug)]
pub enum BegunOutside {
    /// It may be created on Botmatic now.
    Begun(Lease),
    /// Somebody has it, or somebody has begun to create a contact under the same key and nothing
    /// of it is known yet. One at a time, `claim` and `begin_creation` say more.
    Busy,
    /// It is paired or was deleted, or its creation was begun before and is in doubt.
    Known(Known),
}

/// A pair to be saved.
#[derive(Clone, Debug)]
pub struct NewPair {
    /// The external contact, whose creation was begun.
    pub lease: Lease,
    /// The contact that was created for it.
    pub botmatic: BotmaticId,
    /// What both hold.
    pub view: View,
}

/// Which of the contacts are the same as one before them, or have its key.
pub(super) fn repetitions(contacts: &[(ExternalId, CreationKey)]) -> Vec<bool> {
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    let is_repeated = |(id, key)| {
        let is_repeated = ids.contains(id) || keys.contains(key);
        if !is_repeated {
            ids.insert(id);
            keys.insert(key);
        }
        is_repeated
    };
    contacts.iter().map(|(id, key)| (id, key)).map(is_repeated).collect()
}
