//! What becomes of each contact of a bulk call, also where the call is refused as a whole: then it
//! is made again with either half, until what is refused is alone.

use std::ops::Range;

use crate::botmatic::api::{ApiError, ItemError};
use crate::contacts::import::stop::Stop;

/// Why a contact was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Botmatic refuses it, for this reason.
    Rejected(String),
    /// It is not known whether it was written.
    Doubtful,
    /// Botmatic has it no more.
    Gone,
    /// It was not written, and may be later.
    Later,
}

/// The calls that are left to be made, and what became of the contacts of those that were.
pub(super) struct Halving<T> {
    left: Vec<Range<usize>>,
    results: Vec<Result<T, Refused>>,
    /// Whether contacts are changed that are there, and not created: a call whose answer was lost
    /// may be made again.
    is_change: bool,
    stop: Option<Stop>,
}

impl<T> Halving<T> {
    /// The first call has all of `count` contacts.
    pub fn of(count: usize, is_change: bool) -> Self {
        let results = (0..count).map(|_| Err(Refused::Later)).collect();
        let left = (count > 0).then_some(0..count).into_iter().collect();
        Self { left, results, is_change, stop: None }
    }

    /// The contacts of the next call.
    pub fn next(&mut self) -> Option<Range<usize>> {
        self.left.pop()
    }

    /// Whether no call is left.
    pub fn is_over(&self) -> bool {
        self.left.is_empty()
    }

    /// The call with the contacts `of` was answered.
    pub fn answered(
        &mut self,
        of: Range<usize>,
        answer: Result<Vec<Result<T, ItemError>>, ApiError>,
    ) {
        let error = match answer {
            Ok(results) => {
                for (index, result) in of.zip(results) {
                    self.results[index] = result.map_err(Refused::from);
                }
                return;
            }
            Err(error) => error,
        };
        let is_about_one = match &error {
            ApiError::Rejected { .. } => true,
            // One of the contacts to be changed is there no more.
            ApiError::NotFound => self.is_change,
            _ => false,
        };
        if is_about_one && of.len() > 1 {
            let middle = of.start + of.len() / 2;
            self.left.extend([middle..of.end, of.start..middle]);
            return;
        }
        match &error {
            ApiError::Rejected { reason, .. } => {
                let words = reason.as_ref().map(|reason| reason.expose().to_owned());
                let words = words.unwrap_or_else(|| error.to_string());
                self.refuse(of, &Refused::Rejected(words));
                return;
            }
            ApiError::NotFound if self.is_change => {
                self.refuse(of, &Refused::Gone);
                return;
            }
            ApiError::Unauthorized { .. } | ApiError::NotFound => {
                self.stop = Some(Stop::Fatal(error.to_string()));
            }
            error => {
                if error.may_have_happened() && !self.is_change {
                    self.refuse(of, &Refused::Doubtful);
                }
                let (after, reason) = (error.retry_after(), error.to_string());
                self.stop = Some(Stop::Later { after, reason });
            }
        }
        self.left.clear();
    }

    fn refuse(&mut self, of: Range<usize>, refused: &Refused) {
        for index in of {
            self.results[index] = Err(refused.clone());
        }
    }

    /// No further call is made.
    pub fn stop(&mut self, stop: Stop) {
        self.stop = Some(stop);
    }

    /// What became of each, and why no further call was made, if any was left.
    pub fn end(self) -> (Vec<Result<T, Refused>>, Option<Stop>) {
        (self.results, self.stop)
    }
}

impl From<ItemError> for Refused {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::Rejected { reason: Some(reason) } => {
                Self::Rejected(reason.expose().to_owned())
            }
            ItemError::Rejected { reason: None } => Self::Rejected(error.to_string()),
            ItemError::Unreadable => Self::Doubtful,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::http::Outage;

    fn rejected() -> ApiError {
        ApiError::Rejected { status: 422, reason: None }
    }

    fn outage(may_have_happened: bool) -> ApiError {
        ApiError::Unavailable { outage: Outage::TimedOut, retry_after: None, may_have_happened }
    }

    #[test]
    fn one_that_is_refused_with_all_ends_up_alone() {
        let mut halving = Halving::of(1_000, false);
        let mut calls = 0;
        while let Some(range) = halving.next() {
            calls += 1;
            let is_bad = range.contains(&617);
            let answer = if is_bad { Err(rejected()) } else { Ok(range.clone().map(Ok).collect()) };
            halving.answered(range, answer);
        }
        let (results, stop) = halving.end();
        assert_eq!(stop, None);
        assert!(calls <= 21, "{calls} calls");
        for (index, result) in results.into_iter().enumerate() {
            match index {
                617 => assert!(matches!(result, Err(Refused::Rejected(_))), "{result:?}"),
                other => assert_eq!(result, Ok(other)),
            }
        }
    }

    #[test]
    fn of_contacts_to_be_changed_one_that_is_gone_ends_up_alone() {
        let mut halving = Halving::of(5, true);
        while let Some(range) = halving.next() {
            let is_gone = range.contains(&3);
            let gone = Err(ApiError::NotFound);
            let answer = if is_gone { gone } else { Ok(range.clone().map(Ok).collect()) };
            halving.answered(range, answer);
        }
        let expected = [Ok(0), Ok(1), Ok(2), Err(Refused::Gone), Ok(4)];
        assert_eq!(halving.end(), (expected.into(), None));
        // Where contacts are created, none can be missing: it is the address that is wrong.
        let mut halving = Halving::<()>::of(5, false);
        let all = halving.next().unwrap();
        halving.answered(all, Err(ApiError::NotFound));
        assert!(matches!(halving.end().1, Some(Stop::Fatal(_))));
    }

    #[test]
    fn an_outage_ends_it_and_leaves_in_doubt_what_may_have_been_written() {
        for (is_change, may_have_happened, expected) in [
            (false, true, Refused::Doubtful),
            (false, false, Refused::Later),
            (true, true, Refused::Later),
        ] {
            let mut halving = Halving::<()>::of(4, is_change);
            let all = halving.next().unwrap();
            halving.answered(all, Err(rejected()));
            let half = halving.next().unwrap();
            halving.answered(half, Err(outage(may_have_happened)));
            assert_eq!(halving.next(), None);
            let (results, stop) = halving.end();
            let (first, later) = (Err(expected), Err(Refused::Later));
            assert_eq!(results, [first.clone(), first, later.clone(), later]);
            assert!(matches!(stop, Some(Stop::Later { .. })), "{stop:?}");
        }
    }

    #[test]
    fn a_refused_token_ends_the_job() {
        let mut halving = Halving::<()>::of(2, false);
        let all = halving.next().unwrap();
        halving.answered(all, Err(ApiError::Unauthorized { status: 401 }));
        let (results, stop) = halving.end();
        assert_eq!(results, [Err(Refused::Later), Err(Refused::Later)]);
        assert!(matches!(stop, Some(Stop::Fatal(_))), "{stop:?}");
    }
}
