//! Contacts that are not plain: somebody else has them, they were deleted, or they were written to
//! a moment ago. The sync knows what to do, one at a time.

use futures_util::{StreamExt as _, stream};

use super::work::{Handled, PageResult};
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Failure, Kind};
use crate::contacts::import::run::Run;
use crate::contacts::sync::{Job, Outcome};

/// How many are told of at once.
const CONCURRENCY: usize = 4;

impl Importer {
    pub(super) async fn tell(
        &self,
        run: &Run<'_>,
        contacts: Vec<ExternalContact>,
        handled: &mut Handled,
    ) {
        let job = Job { integration: run.integration, deadline: run.deadline };
        let telling = contacts.into_iter().map(|contact| async move {
            let (id, fields) = (contact.id.clone(), Some(contact.fields.clone()));
            (contact, self.parts.sync.created_outside(&job, id, fields).await)
        });
        let told: Vec<_> = stream::iter(telling).buffered(CONCURRENCY).collect().await;
        for (contact, outcome) in told {
            match outcome {
                Outcome::RetryLater { .. } => handled.left.push(contact),
                outcome => note(&contact, &outcome, &mut handled.result),
            }
        }
    }
}

fn note(contact: &ExternalContact, outcome: &Outcome, result: &mut PageResult) {
    match outcome {
        // Those without a pair are created in bulk; these have had one, as a rule.
        Outcome::Done { .. } | Outcome::Adopted { .. } => result.counts.updated += 1,
        Outcome::Unchanged(_) | Outcome::NotFound => result.counts.unchanged += 1,
        outcome => {
            let reason = outcome.error().unwrap_or_default();
            result.fail(Failure::of(&contact.id, Kind::Rejected, reason));
        }
    }
}
