//! The pages of a part, in order: fetched one after the other where a list only says itself how it
//! goes on, several at a time where it is counted through.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};

use super::Run;
use super::bring_page::{Done, Fetched, Work};
use super::part::End;
use super::step::{Step, is_past};
use crate::contacts::consumer::Cursor;
use crate::contacts::import::importer::Importer;

/// A part from one place on.
pub(super) struct Stretch {
    /// Where it begins.
    pub at: Cursor,
    /// The page that is there.
    pub first: Fetched,
    /// Where it ends; without that, with the source.
    pub end: Option<Cursor>,
}

/// While some pages wait for an answer of a service, twice as many others are looked up and saved.
const PAGES_PER_CALL: usize = 3;

/// How many pages are in work at once. With one call at a time, it is one page after the other.
const fn pages_at_once(concurrency: usize) -> usize {
    if concurrency == 1 { 1 } else { PAGES_PER_CALL * concurrency }
}

impl Importer {
    /// Brings over the pages of a stretch, so many at a time as are configured, and says what
    /// became of them in their order. None is begun once `is_ending`, or when the time is over; after
    /// slices that came no further, the first page is tried alone.
    pub(super) fn pages<'a>(
        &'a self,
        run: &'a Run<'a>,
        stretch: Stretch,
        is_alone: bool,
        is_ending: &'a AtomicBool,
    ) -> BoxStream<'a, Result<Done, End>> {
        let Stretch { at, first, end } = stretch;
        let next = first.page.next.clone();
        let step = next.as_ref().and_then(|next| Step::between(&at, next));
        let works = match (step, next) {
            (Some(step), Some(next)) => counted(first, step, next, end),
            _ => self.chained(run, first),
        };
        let may_begin =
            move || !is_ending.load(Ordering::Relaxed) && !self.time_left(run).is_zero();
        works
            .take(if is_alone { 1 } else { usize::MAX })
            .take_while(move |_| std::future::ready(may_begin()))
            .map(move |work| async move {
                let call = self.call_permit().await;
                // It was a page's turn too late.
                if !may_begin() {
                    return Err(End::TimeOver);
                }
                let done = self.bring_page(run, work, call).await;
                if done.is_err() {
                    is_ending.store(true, Ordering::Relaxed);
                }
                done.map_err(End::Stopped)
            })
            .buffered(pages_at_once(self.parts.config.concurrency))
            .boxed()
    }

    /// Each page says where the next one is.
    fn chained<'a>(&'a self, run: &'a Run<'a>, first: Fetched) -> BoxStream<'a, Work> {
        enum Next {
            Page(Box<Fetched>),
            At(Cursor),
            Nothing,
        }
        stream::unfold(Next::Page(Box::new(first)), move |next| async move {
            let page = match next {
                Next::Page(fetched) => Ok(*fetched),
                Next::At(cursor) => self.fetch(run, &cursor).await,
                Next::Nothing => return None,
            };
            Some(match page {
                Ok(fetched) => {
                    let next = fetched.page.next.clone().map_or(Next::Nothing, Next::At);
                    (Work::Fetched(fetched), next)
                }
                Err(stop) => (Work::Stopped(stop), Next::Nothing),
            })
        })
        .boxed()
    }
}

/// It is known where all the pages are. What is beyond the total is left to the last page to say: it
/// would be asked for in vain. A list that is longer than its total is read like one without any.
fn counted<'a>(
    first: Fetched,
    step: Step,
    next: Cursor,
    end: Option<Cursor>,
) -> BoxStream<'a, Work> {
    let page = &first.page;
    let expected = page.total.map(|total| step.end(total, page.items()));
    let expected = expected.filter(|expected| !is_past(&next, Some(expected)));
    let pages = step.pages(next, end).take_while(move |at| !is_past(at, expected.as_ref()));
    let rest = pages.map(move |at| {
        let next = step.forward(&at, 1);
        Work::At(at, next)
    });
    stream::iter(std::iter::once(Work::Fetched(first)).chain(rest)).boxed()
}
