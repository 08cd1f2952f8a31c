//! Recognises a list that goes round in a circle, in the same memory however long it is.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::contacts::consumer::Cursor;
use crate::ground::fingerprint::Fingerprint;

/// One of the places where a list has gone on, against which those after it are held. It is given up
/// for a later one after 1, 2, 4, 8 … pages: so at some time it is in the circle, and kept for long
/// enough to be met again. This is Brent's algorithm (R. P. Brent, "An improved Monte Carlo
/// factorization algorithm", BIT 20, 1980, <https://doi.org/10.1007/BF01933190>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    mark: Option<Fingerprint>,
    /// How many pages were read since.
    steps: u64,
    /// After how many it is given up.
    kept_for: u64,
}

impl Trail {
    /// Whether nothing was read yet.
    pub fn is_new(&self) -> bool {
        *self == Self::default()
    }

    /// The list goes on at `next`. Whether it has done so before.
    pub fn revisits(&mut self, next: &Cursor) -> bool {
        let place = Some(Fingerprint::of_value(&json!(next)));
        if self.mark == place {
            return true;
        }
        self.steps += 1;
        if self.steps >= self.kept_for {
            let kept_for = self.kept_for.saturating_mul(2).max(1);
            *self = Self { mark: place, steps: 0, kept_for };
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(place: u64) -> Cursor {
        Cursor::Token(place.to_string())
    }

    #[test]
    fn every_circle_is_noticed_soon() {
        for before in 0..40 {
            for circle in 1..40 {
                let places = (0..before).chain((before..before + circle).cycle());
                let mut trail = Trail::default();
                let pages = places.take(1_000).take_while(|it| !trail.revisits(&at(*it))).count();
                let most = usize::try_from(3 * (before + circle)).unwrap();
                assert!(pages <= most, "{before} and {circle}: {pages} pages");
            }
        }
    }

    #[test]
    fn a_list_that_goes_on_is_none_also_where_it_is_continued_by_somebody_else() {
        let mut trail = Trail::default();
        for place in 0..10_000 {
            assert!(!trail.revisits(&at(place)), "{place}");
            let stored = serde_json::to_string(&trail).unwrap();
            trail = serde_json::from_str(&stored).unwrap();
        }
    }
}
