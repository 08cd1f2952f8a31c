//! Recognises two sides that correct each other: what one writes in capitals the other writes
//! small, and each change is news to the first.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::contacts::Side;
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// How many writes are remembered: enough for a to and fro of two rounds.
const KEPT: usize = 4;
/// Within which a repetition counts. Corrections follow each other at once, people do not; nor do a
/// bot and a workflow that set a field in turn, which is why it is not longer. Four writes and the
/// fifth have to fall within it: each side has 15 seconds to tell of its correction.
const WINDOW: Duration = Duration::from_mins(1);

/// The last writes to a pair, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::contacts) struct Guard(Vec<(Side, Fingerprint, Timestamp)>);

impl Guard {
    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether writing `what` to `side` would be the third time within a minute, with the other
    /// side written to in between each time. A field that somebody switches to and fro on one side
    /// is none of this: all its writes go to the other.
    pub fn forbids(&self, side: Side, what: Fingerprint, now: Timestamp) -> bool {
        let expected = [side, side.other(), side, side.other()];
        self.0.len() == KEPT
            && self
                .0
                .iter()
                .zip(expected)
                .all(|((to, _, at), side)| *to == side && now.since(*at) < WINDOW)
            && self.0.iter().step_by(2).all(|(_, written, _)| *written == what)
    }

    /// Remembers a write.
    pub fn note(&mut self, side: Side, what: Fingerprint, now: Timestamp) {
        self.0.push((side, what, now));
        self.0.drain(..self.0.len().saturating_sub(KEPT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPITALS: Fingerprint = Fingerprint::from_bits(1);
    const SMALL: Fingerprint = Fingerprint::from_bits(2);

    fn after(writes: &[(Side, Fingerprint)]) -> Guard {
        let mut guard = Guard::default();
        for (second, (side, what)) in (0..).zip(writes) {
            guard.note(*side, *what, Timestamp::from_millis(second * 1000));
        }
        guard
    }

    #[test]
    fn only_a_to_and_fro_of_the_same_values_is_stopped() {
        use Side::{Botmatic, External};
        let round = [(External, SMALL), (Botmatic, CAPITALS)];
        let twice = [round, round].concat();
        let now = Timestamp::from_millis(4000);
        assert!(after(&twice).forbids(External, SMALL, now));
        assert!(!after(&round).forbids(External, SMALL, now), "once is a correction");
        assert!(!after(&twice).forbids(External, Fingerprint::from_bits(3), now), "another value");
        assert!(!after(&twice).forbids(External, SMALL, now + WINDOW), "a minute later");
        let switched = [(External, SMALL), (External, CAPITALS)].repeat(3);
        assert!(!after(&switched).forbids(External, SMALL, now), "to and fro on one side");
    }

    #[test]
    fn each_side_has_fifteen_seconds_to_tell_of_its_correction() {
        use Side::{Botmatic, External};
        let writes = [(External, SMALL), (Botmatic, CAPITALS)].repeat(2);
        for (seconds, expected) in [(14, true), (15, false)] {
            let mut guard = Guard::default();
            let at = |write: u64| Timestamp::from_millis(write * seconds * 1000);
            for (write, (side, what)) in (0..).zip(&writes) {
                guard.note(*side, *what, at(write));
            }
            assert_eq!(guard.forbids(External, SMALL, at(4)), expected, "{seconds} s each");
        }
    }
}
