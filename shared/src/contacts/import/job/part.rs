//! A stretch of the source, which one function at a time works on.

use serde::{Deserialize, Serialize};

use super::counts::{Counts, is_zero};
use super::failure::Kind;
use super::trail::Trail;
use crate::contacts::ExternalId;
use crate::contacts::consumer::Cursor;
use crate::ground::clock::Timestamp;

/// The number of the part that looks again at the contacts that are in doubt.
pub const DOUBTS_PART: u32 = 9_999;

/// A part of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which one, from 0.
    pub number: u32,
    /// How far it has come.
    pub progress: Progress,
    /// Where it ends; the last one ends with the source.
    pub end: Option<Cursor>,
    /// How often it was handed over.
    pub slice: u32,
    /// Whether it is done.
    pub is_over: bool,
    /// Until when somebody works on it.
    pub leased_until: Option<Timestamp>,
    /// When it last came a page further.
    pub updated: Timestamp,
}

/// How far a part has come. Everything before the cursor is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Where the next page is.
    pub cursor: Cursor,
    /// Tells whether the list goes round in a circle.
    #[serde(default, skip_serializing_if = "Trail::is_new")]
    pub trail: Trail,
    /// What became of the contacts before it.
    pub counts: Counts,
    /// How many slices in a row have come no page further.
    #[serde(default)]
    pub stalled: u32,
    /// How many contacts were looked at once more, and are in doubt all the same.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub in_doubt: u64,
    /// Some of the contacts that an import which writes nothing would have written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// How many examples a part has.
pub const MAX_EXAMPLES: usize = 5;

/// What would be done about a contact. No value of it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Its id on the external service.
    pub id: ExternalId,
    /// Whether it is missing on Botmatic, or changed.
    pub kind: Kind,
    /// Which of Botmatic's fields it has.
    pub fields: Vec<String>,
}
