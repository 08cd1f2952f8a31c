//! What is measured of `contact-import`, and what it should be.

use std::time::Duration;

use crate::bench::{
    figures::{Figure, Of, milliseconds},
    statistics::Samples,
};

/// How many contacts there are.
pub(super) const CONTACTS: u64 = 10_000;
/// How long both APIs take to answer.
pub(super) const LATENCY: Duration = Duration::from_millis(50);
/// How an import is made where nobody says otherwise.
pub(super) const CONCURRENCY: u16 = 8;
pub(super) const PAGE_SIZE: u32 = 100;
/// That of the sequential one.
pub(super) const SEQUENTIAL_PAGE_SIZE: u32 = 30;

/// Everything that was measured, in the order of the table.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) pipelined: Samples,
    pub(super) sequential: Samples,
    pub(super) speedup: Samples,
    pub(super) of_the_possible: Samples,
    pub(super) without_store: Samples,
    pub(super) without_store_of_the_possible: Samples,
    pub(super) page_in_store: Samples,
    pub(super) all_in_store: Samples,
    pub(super) cpu: Samples,
    pub(super) peak_memory: Samples,
    pub(super) calls: Samples,
    pub(super) kilobytes: Samples,
    pub(super) binary: Samples,
}

/// What the latency alone takes: as many pages at a time as are configured, each of them a list and
/// a bulk creation.
pub(super) fn possible(concurrency: u16) -> Duration {
    let pages = CONTACTS.div_ceil(u64::from(PAGE_SIZE));
    let rounds = pages.div_ceil(u64::from(concurrency));
    LATENCY * 2 * u32::try_from(rounds).unwrap_or(u32::MAX)
}

impl Measured {
    /// An import with a store, and a sequential one beside it.
    pub(super) fn push(&mut self, pipelined: Duration, sequential: Duration, possible: Duration) {
        self.pipelined.push(milliseconds(pipelined));
        self.sequential.push(milliseconds(sequential));
        self.speedup.push(sequential.div_duration_f64(pipelined));
        self.of_the_possible.push(pipelined.div_duration_f64(possible));
    }

    /// The lines of the table.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let figure = Figure::new;
        vec![
            figure("import of 10,000 contacts", "ms", &self.pipelined),
            figure("the same, sequential pages of 30", "ms", &self.sequential),
            figure("  so many times as fast", "", &self.speedup).target(Of::P50FromBelow, 15.0),
            figure("  of what the APIs alone take", "", &self.of_the_possible).target(Of::P50, 1.3),
            figure("import, store at no time", "ms", &self.without_store),
            figure("  of what the APIs alone take", "", &self.without_store_of_the_possible)
                .target(Of::P50, 1.3),
            figure("store alone: a page", "ms", &self.page_in_store),
            figure("store alone: 10,000 contacts", "ms", &self.all_in_store),
            figure("CPU time of a contact", "ms", &self.cpu),
            figure("memory under load, peak", "MB", &self.peak_memory),
            figure("DynamoDB calls per 100 contacts", "", &self.calls),
            figure("  kB on the wire", "", &self.kilobytes),
            figure("binary, stripped", "MB", &self.binary),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_in_rounds() {
        for (concurrency, rounds) in [(1, 100), (8, 13), (10, 10), (64, 2)] {
            assert_eq!(possible(concurrency), LATENCY * 2 * rounds, "{concurrency}");
        }
    }
}
