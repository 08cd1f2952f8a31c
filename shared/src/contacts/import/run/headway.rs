//! How far a part comes while its pages are brought over, and what ends that.

use super::bring_page::Done;
use super::part::End;
use crate::contacts::import::job::{MAX_EXAMPLES, Progress};
use crate::contacts::import::stop::Stop;
use crate::contacts::import::store::JobError;
use crate::ground::fingerprint::Fingerprint;

/// So many pages in a row may get no answer of Botmatic's. Every further one would be in doubt as
/// well.
const MAX_OUTAGES: u32 = 3;
/// How often in a row a page may come again. Once may be chance: something was added before it.
const MAX_REPETITIONS: u32 = 2;

/// Why a list without an end is not read on.
const CIRCLE: &str =
    "the list goes round in a circle: expected a next page that was not read before";
/// The same of one that is counted through, as where the service knows nothing of page numbers.
const SAME_PAGE: &str =
    "the list shows the same contacts again and again: expected each page to be another one";

/// How far a part has come, page by page in their order.
pub(super) struct Headway<'a> {
    progress: &'a mut Progress,
    is_unsaved: bool,
    /// No further page counts: pages end here, or what was begun after this one has to be read once
    /// more.
    pub is_ended: bool,
    /// The part is somebody else's.
    pub is_lost: bool,
    end: Option<End>,
    /// What the list has shown on the page before, and how often in a row it had come again.
    shown: Option<Fingerprint>,
    repetitions: u32,
    /// How many pages in a row got no answer of Botmatic's, and how many may.
    outages: u32,
    max_outages: u32,
}

impl<'a> Headway<'a> {
    /// From `progress` on. After slices that came no further, which `is_alone` says, the first page
    /// without an answer is the last one.
    pub fn new(progress: &'a mut Progress, is_alone: bool) -> Self {
        Self {
            progress,
            is_unsaved: false,
            is_ended: false,
            is_lost: false,
            end: None,
            shown: None,
            repetitions: 0,
            outages: 0,
            max_outages: if is_alone { 1 } else { MAX_OUTAGES },
        }
    }

    /// What has to be saved, once.
    pub fn unsaved(&mut self) -> Option<Progress> {
        std::mem::take(&mut self.is_unsaved).then(|| self.progress.clone())
    }

    /// A page is done, and its failures are noted.
    pub fn page(&mut self, done: Done) {
        let Done { next, is_as_expected, shown, result, outage } = done;
        self.is_ended |= !is_as_expected;
        let counts = result.counts;
        self.progress.counts += counts;
        if counts.doubtful == 0 || counts.doubtful < counts.seen {
            self.progress.stalled = 0;
        }
        self.progress.examples.extend(result.examples);
        self.progress.examples.truncate(MAX_EXAMPLES);
        match next {
            Some(next) => {
                if self.progress.trail.revisits(&next) {
                    self.stop(End::Stopped(Stop::Fatal(CIRCLE.to_owned())));
                }
                self.progress.cursor = next;
                self.is_unsaved = true;
            }
            // That is saved with the end of the part.
            None => self.stop(End::Done),
        }
        let is_same = shown.is_some() && self.shown == shown;
        self.repetitions = if is_same { self.repetitions + 1 } else { 0 };
        self.shown = shown;
        if self.repetitions == MAX_REPETITIONS {
            self.stop(End::Stopped(Stop::Fatal(SAME_PAGE.to_owned())));
        }
        self.outages = if outage.is_some() { self.outages + 1 } else { 0 };
        if let Some(outage) = outage
            && self.outages >= self.max_outages
        {
            self.stop(End::Stopped(outage));
        }
    }

    /// It goes no further. The first reason counts.
    pub fn stop(&mut self, end: End) {
        self.is_ended = true;
        self.end.get_or_insert(end);
    }

    /// What was to be written to the store of imports was not.
    pub fn failed(&mut self, error: JobError) {
        self.is_ended = true;
        match error {
            JobError::LeaseLost => self.is_lost = true,
            error => self.stop(End::Stopped(Stop::from(error))),
        }
    }

    /// Why there is nothing more to do; none if the next page is elsewhere than it was expected. An
    /// error if the part is somebody else's.
    pub fn end(self) -> Result<Option<End>, JobError> {
        if self.is_lost { Err(JobError::LeaseLost) } else { Ok(self.end) }
    }
}
