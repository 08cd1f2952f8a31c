//! How many contacts there were, and what became of them.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::part::Part;

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
    /// Of those that were doubtful, the ones that it turned out to have created.
    #[serde(skip_serializing_if = "is_zero")]
    pub resolved: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
pub(super) const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.seen += other.seen;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.failed += other.failed;
        self.doubtful += other.doubtful;
        self.resolved += other.resolved;
    }
}

impl Counts {
    /// Those of a job with these parts.
    pub fn of(parts: &[Part]) -> Self {
        Self::sum(parts.iter().map(|part| part.progress.counts))
    }

    /// The sum; what has turned out to be created is created, and not doubtful any more.
    fn sum(counts: impl IntoIterator<Item = Self>) -> Self {
        let mut sum = Self::default();
        counts.into_iter().for_each(|counts| sum += counts);
        let resolved = std::mem::take(&mut sum.resolved);
        sum.created += resolved;
        sum.doubtful = sum.doubtful.saturating_sub(resolved);
        sum
    }
}
