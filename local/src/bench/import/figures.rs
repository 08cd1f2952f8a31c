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
    pub(super) immediate: SideBySide,
    pub(super) far: SideBySide,
    pub(super) embedded: SideBySide,
    pub(super) page_in_store: Samples,
    pub(super) all_in_store: Samples,
    pub(super) cpu: Samples,
    pub(super) peak_memory: Samples,
    pub(super) calls: Samples,
    pub(super) kilobytes: Samples,
    pub(super) binary: Samples,
}

/// Imports with one kind of store, and sequential ones beside them.
#[derive(Debug, Default)]
pub(super) struct SideBySide {
    pipelined: Samples,
    sequential: Samples,
    speedup: Samples,
    of_the_possible: Samples,
}

/// What the latency alone takes: as many pages at a time as are configured, each of them a list and
/// a bulk creation.
pub(super) fn possible(concurrency: u16) -> Duration {
    let pages = CONTACTS.div_ceil(u64::from(PAGE_SIZE));
    let rounds = pages.div_ceil(u64::from(concurrency));
    LATENCY * 2 * u32::try_from(rounds).unwrap_or(u32::MAX)
}

impl SideBySide {
    pub(super) fn push(&mut self, pipelined: Duration, sequential: Duration, possible: Duration) {
        self.pipelined.push(milliseconds(pipelined));
        self.sequential.push(milliseconds(sequential));
        self.speedup.push(sequential.div_duration_f64(pipelined));
        self.of_the_possible.push(pipelined.div_duration_f64(possible));
    }
}

impl Measured {
    /// The lines of the table.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let figure = Figure::new;
        let Self { immediate, far, embedded, .. } = self;
        let [import, sequential] =
            ["import of 10,000 contacts", "  the same, sequential pages of 30"];
        let [times, of_the_possible] = ["  so many times as fast", "  of what the APIs alone take"];
        vec![
            figure(import, "ms", &immediate.pipelined),
            figure(sequential, "ms", &immediate.sequential),
            figure(times, "", &immediate.speedup).target(Of::P50FromBelow, 15.0),
            figure(of_the_possible, "", &immediate.of_the_possible).target(Of::P50, 1.3),
            figure("as far from DynamoDB as on AWS", "ms", &far.pipelined),
            figure(sequential, "ms", &far.sequential),
            figure(times, "", &far.speedup).target(Of::P50FromBelow, 15.0),
            figure(of_the_possible, "", &far.of_the_possible),
            figure("CPU time of a contact", "ms", &self.cpu),
            figure("memory under load, peak", "MB", &self.peak_memory),
            figure("embedded DynamoDB", "ms", &embedded.pipelined),
            figure(sequential, "ms", &embedded.sequential),
            figure(times, "", &embedded.speedup),
            figure(of_the_possible, "", &embedded.of_the_possible),
            figure("  the store alone: a page", "ms", &self.page_in_store),
            figure("  the store alone: 10,000 contacts", "ms", &self.all_in_store),
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
