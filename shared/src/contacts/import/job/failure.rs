//! A contact that was not brought over.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contacts::ExternalId;

/// One contact, and why. The reason may be in Botmatic's words, which may quote the contact: it is
/// for the one who asks, and in no `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its id on the external service; none of something that could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// Where it was read, of something that could not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What happened.
    pub kind: Kind,
    /// Why, for people.
    pub reason: String,
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { external_id, place, kind, reason: _ } = self;
        let mut debug = f.debug_struct("Failure");
        debug.field("external_id", external_id).field("place", place).field("kind", kind);
        debug.finish_non_exhaustive()
    }
}

/// What happened to a contact that was not brought over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What the source has is no contact.
    Unreadable,
    /// The mapping, or Botmatic, refuses it as it is. It has to be mended first.
    Rejected,
    /// It may go through as it is another time.
    Passing,
    /// Botmatic was asked to create it, and it is not known whether that was done.
    Doubtful,
    /// An import with the mode `verify` has found it without a pair.
    Missing,
    /// An import with the mode `verify` has found values that Botmatic was not told of.
    Changed,
}

impl Failure {
    /// A contact that has an id.
    pub fn of(external_id: &ExternalId, kind: Kind, reason: impl Into<String>) -> Self {
        let external_id = Some(external_id.clone());
        Self { external_id, place: None, kind, reason: reason.into() }
    }

    /// Whether trying again makes sense without mending anything.
    pub const fn is_retryable(&self) -> bool {
        matches!(self.kind, Kind::Passing | Kind::Missing | Kind::Changed)
    }
}
