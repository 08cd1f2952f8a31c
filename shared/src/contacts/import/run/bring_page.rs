//! One page, from fetching it to its pairs being saved.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::SemaphorePermit;

use super::Run;
use crate::contacts::consumer::{Cursor, ExternalContact, Page};
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Counts, Failure, Kind};
use crate::contacts::import::page::{Handled, PageResult};
use crate::contacts::import::source::Read;
use crate::contacts::import::stop::Stop;
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::metrics::{self, Metric};
use crate::ground::retry::{Retries, RetryPolicy};

/// For what is in somebody else's hands, or does not get through: until the time is over.
const AGAIN: RetryPolicy = RetryPolicy {
    retries: u32::MAX,
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(10),
};
/// How often a contact that somebody else has is tried before the page goes on without it.
const PATIENCE: u32 = 6;

/// A page that was fetched.
pub(super) struct Fetched {
    pub page: Page,
    /// What the list shows there.
    pub shown: Option<Fingerprint>,
    /// When it was asked for. What was written later it may not show.
    pub at: Timestamp,
}

/// Much longer than any service's cursors are, and far from what would keep a part from being saved:
/// an item of DynamoDB has 400 KB at most
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).
const MAX_CURSOR_BYTES: usize = 16 * 1024;

/// A page that is to be brought over.
pub(super) enum Work {
    /// It was fetched.
    Fetched(Fetched),
    /// It is at the one place, and the next one should be at the other.
    At(Cursor, Option<Cursor>),
    /// It could not be fetched.
    Stopped(Stop),
}

/// A page that was brought over.
pub(super) struct Done {
    /// Where the next one is.
    pub next: Option<Cursor>,
    /// Whether that is where it was expected. Elsewhere, pages after it were read at wrong places.
    pub is_as_expected: bool,
    /// What the list has shown there, if it is one that is counted through.
    pub shown: Option<Fingerprint>,
    pub result: PageResult,
    /// Why contacts of it are in doubt, if Botmatic gave no answer.
    pub outage: Option<Stop>,
}

impl Importer {
    /// Brings a page over, beginning with `call`, which may be made now.
    pub(super) async fn bring_page(
        &self,
        run: &Run<'_>,
        work: Work,
        call: Option<SemaphorePermit<'_>>,
    ) -> Result<Done, Stop> {
        let begun = self.now();
        let (Fetched { page, shown, at }, expected) = match work {
            Work::Fetched(fetched) => {
                drop(call);
                let next = fetched.page.next.clone();
                (fetched, next)
            }
            Work::At(cursor, next) => (self.fetch_now(run, &cursor, call).await?, next),
            Work::Stopped(stop) => return Err(stop),
        };
        let mut result = PageResult::default();
        result.counts.seen = page.items();
        let Page { contacts, unreadable, next, .. } = page;
        let is_as_expected = next == expected;
        let is_counted = matches!(next, Some(Cursor::Page(_) | Cursor::Offset(_)));
        let shown = shown.filter(|_| is_counted);
        for item in unreadable {
            let (place, reason) = (Some(item.place), format!("expected {}", item.expected));
            let kind = Kind::Unreadable;
            result.fail(Failure { external_id: None, place, kind, reason });
        }
        let outage = self.bring_contacts(run, contacts, at, &mut result).await?;
        if result.counts.seen > 0 {
            self.measure(&result.counts, begun);
        }
        Ok(Done { next, is_as_expected, shown, result, outage })
    }

    fn measure(&self, counts: &Counts, begun: Timestamp) {
        let now = self.now();
        let took = u64::try_from(now.since(begun).as_millis()).unwrap_or(u64::MAX);
        let values = [
            (Metric::ImportPages, 1),
            (Metric::ImportPageMs, took),
            (Metric::ImportCreated, counts.created),
            (Metric::ImportUpdated, counts.updated),
            (Metric::ImportUnchanged, counts.unchanged),
            (Metric::ImportFailed, counts.failed),
            (Metric::ImportDoubtful, counts.doubtful),
        ];
        metrics::measure(&values, &self.parts.service, "contacts", now);
    }

    /// Brings contacts over, and those that are left once more, for as long as there is time. If none
    /// is left because those that got no answer are in doubt, it says why.
    async fn bring_contacts(
        &self,
        run: &Run<'_>,
        mut contacts: Vec<ExternalContact>,
        read_at: Timestamp,
        result: &mut PageResult,
    ) -> Result<Option<Stop>, Stop> {
        let mut retries = AGAIN.start();
        let mut attempts = 0;
        loop {
            let Handled { result: part, left, stop } = self.handle(run, contacts, read_at).await;
            result.add(part);
            let after = match &stop {
                None if left.is_empty() => return Ok(None),
                None if attempts == PATIENCE => {
                    for contact in left {
                        let reason = "somebody else had it in hand, again and again";
                        result.fail(Failure::of(&contact.id, Kind::Passing, reason));
                    }
                    return Ok(None);
                }
                Some(Stop::Later { after, .. }) => *after,
                None | Some(Stop::Fatal(_)) => None,
            };
            attempts += u32::from(stop.is_none());
            contacts = left;
            match stop {
                Some(fatal @ Stop::Fatal(_)) => return Err(fatal),
                outage if contacts.is_empty() => return Ok(outage),
                stop => {
                    if !self.pause(run, &mut retries, after).await {
                        let reason = "contacts that somebody else has in hand".to_owned();
                        return Err(stop.unwrap_or(Stop::Later { after: None, reason }));
                    }
                }
            }
        }
    }

    /// The page at `cursor`.
    pub(super) async fn fetch(&self, run: &Run<'_>, cursor: &Cursor) -> Result<Fetched, Stop> {
        let call = self.call_permit().await;
        self.fetch_now(run, cursor, call).await
    }

    async fn fetch_now(
        &self,
        run: &Run<'_>,
        cursor: &Cursor,
        mut call: Option<SemaphorePermit<'_>>,
    ) -> Result<Fetched, Stop> {
        let mut retries = AGAIN.start();
        let mut is_said = false;
        let limit = run.job.request.page_size.get();
        loop {
            let at = self.now();
            let answer = run.source.page(cursor, limit, run.deadline).await;
            drop(call.take());
            let error = match answer {
                Ok(Read { page, shown }) => {
                    return kept(&page).map(|()| Fetched { page, shown, at });
                }
                Err(error) => error,
            };
            let is_passing = error.is_retryable();
            if is_passing && !std::mem::replace(&mut is_said, true) {
                let reason = error.to_string();
                tracing::warn!(import = %run.job.id, reason, "the source is waited for");
            }
            if !is_passing || !self.pause(run, &mut retries, error.retry_after()).await {
                return Err(Stop::from(error));
            }
            call = self.call_permit().await;
        }
    }

    /// Waits before something is tried again; false if there is no time for that.
    async fn pause(&self, run: &Run<'_>, retries: &mut Retries, after: Option<Duration>) -> bool {
        if run.is_given_up.load(Ordering::Relaxed) {
            return false;
        }
        let left = self.time_left(run);
        match retries.next_pause(after, left, &self.parts.http.random) {
            Some(pause) => {
                self.parts.http.sleep.sleep(pause).await;
                true
            }
            None => false,
        }
    }
}

/// Whether it can be saved where the list goes on.
fn kept(page: &Page) -> Result<(), Stop> {
    match &page.next {
        Some(Cursor::Token(token)) if token.len() > MAX_CURSOR_BYTES => Err(Stop::Fatal(format!(
            "the list goes on at a place that is too long: expected a cursor of at most \
             {MAX_CURSOR_BYTES} bytes"
        ))),
        _ => Ok(()),
    }
}
