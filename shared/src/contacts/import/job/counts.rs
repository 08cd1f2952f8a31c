//! How many contacts there were, and what became of them.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Contacts by what became of them. In an import that writes nothing, what would have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Read from the source.
    pub seen: u64,
    /// Created on Botmatic, and paired.
    pub created: u64,
    /// Changed on Botmatic.
    pub updated: u64,
    /// Paired before, with nothing new.
    pub unchanged: u64,
    /// Not brought over, each with its reason.
    pub failed: u64,
    /// It is not known whether Botmatic has created them.
    pub doubtful: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.seen += other.seen;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.failed += other.failed;
        self.doubtful += other.doubtful;
    }
}

impl Counts {
    /// The sum.
    pub fn sum(counts: impl IntoIterator<Item = Self>) -> Self {
        counts.into_iter().fold(Self::default(), |mut sum, counts| {
            sum += counts;
            sum
        })
    }
}
