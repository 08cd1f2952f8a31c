//! One call of Botmatic for the contacts of a page, and as many smaller ones as it takes.

use std::ops::Range;

use super::halving::{Halving, Refused};
use crate::botmatic::api::{ApiError, ItemError};
use crate::contacts::import::importer::{Claiming, Importer};
use crate::contacts::import::run::Run;
use crate::contacts::import::stop::Stop;

impl Importer {
    /// Makes `call` with the contacts of each range that is left, as long as there is the time for
    /// its answer: without that, what was asked would be in doubt.
    pub(super) async fn in_bulk<T, F>(
        &self,
        run: &Run<'_>,
        claiming: Claiming,
        mut halving: Halving<T>,
        call: impl Fn(Range<usize>) -> F,
    ) -> (Vec<Result<T, Refused>>, Option<Stop>)
    where
        F: Future<Output = Result<Vec<Result<T, ItemError>>, ApiError>>,
    {
        while let Some(range) = halving.next() {
            let permit = self.call_permit().await;
            if self.now() >= run.stop_at.min(claiming.last_call) {
                halving.stop(Stop::time_over());
                break;
            }
            let answer = call(range.clone()).await;
            drop(permit);
            halving.answered(range, answer);
            if !halving.is_over() {
                self.pace(run).await;
            }
        }
        halving.end()
    }
}
