//! Where pages are that have not been read yet, for lists that are counted through.

use crate::contacts::consumer::Cursor;

/// From one page to the next, of a list that goes by page number or by offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The next number.
    Page,
    /// So many contacts further.
    Offset(u64),
}

impl Step {
    /// How a list goes on whose page at `from` is followed by the one at `next`. None of a list
    /// that only says itself where it goes on.
    pub fn between(from: &Cursor, next: &Cursor) -> Option<Self> {
        let step = match (from, next) {
            (Cursor::Start, Cursor::Page(_)) => Self::Page,
            (Cursor::Page(number), Cursor::Page(next)) if *next == number + 1 => Self::Page,
            (Cursor::Start, Cursor::Offset(step)) => Self::Offset(*step),
            (Cursor::Offset(from), Cursor::Offset(next)) => Self::Offset(next.checked_sub(*from)?),
            _ => return None,
        };
        (step != Self::Offset(0)).then_some(step)
    }

    /// The place `pages` pages after `from`.
    pub fn forward(self, from: &Cursor, pages: u64) -> Option<Cursor> {
        Some(match (self, from) {
            (Self::Page, Cursor::Page(number)) => Cursor::Page(number.checked_add(pages)?),
            (Self::Offset(step), Cursor::Offset(offset)) => {
                Cursor::Offset(offset.checked_add(step.checked_mul(pages)?)?)
            }
            _ => return None,
        })
    }

    /// Where a list of `total` contacts ends, `page` of them a page, as far as that is known. Numbers
    /// are counted from 0 or from 1, and only the page after the last one may say that it was.
    pub fn end(self, total: u64, page: u64) -> Cursor {
        match self {
            Self::Page => Cursor::Page(total.div_ceil(page.max(1)).saturating_add(2)),
            Self::Offset(_) => Cursor::Offset(total),
        }
    }

    /// The places of the pages from `first` to `end`.
    pub fn pages(self, first: Cursor, end: Option<Cursor>) -> impl Iterator<Item = Cursor> {
        std::iter::successors(Some(first), move |at| self.forward(at, 1))
            .take_while(move |at| !is_past(at, end.as_ref()))
    }
}

/// Whether a part that ends at `end` is over at `at`.
pub(super) fn is_past(at: &Cursor, end: Option<&Cursor>) -> bool {
    match (at, end) {
        (Cursor::Page(at), Some(Cursor::Page(end)))
        | (Cursor::Offset(at), Some(Cursor::Offset(end))) => at >= end,
        _ => false,
    }
}

/// Where the parts after the first begin, if `rest` contacts that follow the page before `next`
/// are divided into `parts`; `page` is how many contacts a page has.
pub(super) fn divide(step: Step, next: &Cursor, rest: u64, page: u64, parts: u64) -> Vec<Cursor> {
    let pages = rest.div_ceil(page.max(1));
    (1..parts)
        .map(|part| pages * part / parts)
        .filter(|skipped| *skipped > 0 && *skipped < pages)
        .filter_map(|skipped| step.forward(next, skipped))
        .fold(Vec::new(), |mut starts, start| {
            if starts.last() != Some(&start) {
                starts.push(start);
            }
            starts
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_lists_are_told_from_others() {
        let token = || Cursor::Token("a".to_owned());
        for (from, next, expected) in [
            (Cursor::Start, Cursor::Page(2), Some(Step::Page)),
            (Cursor::Page(2), Cursor::Page(3), Some(Step::Page)),
            (Cursor::Page(2), Cursor::Page(7), None),
            (Cursor::Start, Cursor::Offset(30), Some(Step::Offset(30))),
            (Cursor::Offset(30), Cursor::Offset(60), Some(Step::Offset(30))),
            (Cursor::Offset(30), Cursor::Offset(30), None),
            (Cursor::Start, token(), None),
            (token(), Cursor::Page(3), None),
        ] {
            assert_eq!(Step::between(&from, &next), expected, "{from:?} {next:?}");
        }
    }

    #[test]
    fn a_list_is_not_read_far_beyond_its_total() {
        let pages = |numbers: &[u64]| numbers.iter().copied().map(Cursor::Page).collect();
        let offsets = |offsets: &[u64]| offsets.iter().copied().map(Cursor::Offset).collect();
        let cases: [(_, _, Vec<Cursor>); 5] = [
            (Step::Page, 250, pages(&[2, 3, 4])),
            (Step::Page, 300, pages(&[2, 3, 4])),
            (Step::Page, u64::MAX, pages(&[2, 3, 4, 5])),
            (Step::Offset(100), 250, offsets(&[100, 200])),
            (Step::Offset(100), 300, offsets(&[100, 200])),
        ];
        for (step, total, expected) in cases {
            let read = step.pages(expected[0].clone(), Some(step.end(total, 100)));
            assert_eq!(read.take(4).collect::<Vec<_>>(), expected, "{step:?} {total}");
        }
    }

    #[test]
    fn parts_cover_every_page_once() {
        for (rest, page, parts) in [(10_000, 100, 8), (250, 100, 8), (1, 100, 8), (0, 100, 8)] {
            let first = Cursor::Offset(page);
            let starts = divide(Step::Offset(page), &first, rest, page, parts);
            let mut ends: Vec<_> = starts.iter().cloned().map(Some).collect();
            let last = Cursor::Offset(page + rest.next_multiple_of(page));
            ends.push(Some(last.clone()));
            let begins = std::iter::once(first.clone()).chain(starts);
            let covered: Vec<_> = begins
                .zip(ends)
                .flat_map(|(begin, end)| Step::Offset(page).pages(begin, end))
                .collect();
            let all: Vec<_> = Step::Offset(page).pages(first, Some(last)).collect();
            assert_eq!(covered, all, "{rest} {page} {parts}");
        }
    }
}
