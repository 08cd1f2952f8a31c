//! Contacts that are not plain: somebody else has them, they were deleted, or they were written to
//! a moment ago. The sync knows what to do, one at a time.

use futures_util::{StreamExt as _, stream};

use super::work::{Handled, PageResult};
use crate::contacts::consumer::{ConsumerError, ExternalContact, Operation, Tenant};
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Failure, Kind};
use crate::contacts::import::run::Run;
use crate::contacts::import::stop::Stop;
use crate::contacts::sync::{Job, Obstacle, Outcome, Unchanged};

/// How many are told of at once.
const CONCURRENCY: usize = 4;

impl Importer {
    pub(super) async fn tell_sync(
        &self,
        run: &Run<'_>,
        contacts: Vec<ExternalContact>,
        handled: &mut Handled,
    ) {
        let job = Job { integration: run.integration, deadline: run.deadline };
        // What the service's list says may be older than what the sync knows by now.
        let is_asked =
            run.job.request.source.is_none() && self.parts.consumer.offers(Operation::GetContact);
        let telling = contacts.into_iter().map(|contact| async move {
            // Of its calls there is one at a time.
            let _call = self.call_permit().await;
            if self.now() >= run.stop_at {
                return (contact, None);
            }
            let (id, fields) = (contact.id.clone(), (!is_asked).then(|| contact.fields.clone()));
            let outcome = match self.parts.sync.created_outside(&job, id, fields).await {
                Outcome::NotFound => self.who_has_deleted(run, &contact).await,
                outcome => outcome,
            };
            (contact, Some(outcome))
        });
        let told: Vec<_> = stream::iter(telling).buffered(CONCURRENCY).collect().await;
        for (contact, outcome) in told {
            match outcome {
                None => {
                    handled.stop.get_or_insert_with(Stop::time_over);
                    handled.left.push(contact);
                }
                Some(Outcome::RetryLater { after, reason, obstacle }) => {
                    // Only what is the contact's own may end as its failure.
                    if obstacle == Obstacle::Service {
                        handled.stop.get_or_insert(Stop::Later { after, reason });
                    }
                    handled.left.push(contact);
                }
                Some(outcome) => note(&contact, &outcome, &mut handled.result),
            }
        }
    }
}

impl Importer {
    /// Whether the external service has deleted the contact since it was read; or else Botmatic has
    /// its counterpart no more.
    async fn who_has_deleted(&self, run: &Run<'_>, contact: &ExternalContact) -> Outcome {
        let tenant = Tenant::of(run.integration, run.deadline);
        match self.parts.consumer.get_contact(&tenant, &contact.id).await {
            Err(ConsumerError::NotFound) => Outcome::Unchanged(Unchanged::Deleted),
            Err(error) if error.is_retryable() => Outcome::RetryLater {
                after: error.retry_after(),
                reason: format!("external service: {error}"),
                obstacle: Obstacle::Service,
            },
            _ => Outcome::NotFound,
        }
    }
}

fn note(contact: &ExternalContact, outcome: &Outcome, result: &mut PageResult) {
    match outcome {
        // Those without a pair are created in bulk; these have had one, as a rule.
        Outcome::Done { .. } | Outcome::Adopted { .. } => result.counts.updated += 1,
        Outcome::Unchanged(_) => result.counts.unchanged += 1,
        Outcome::NotFound => {
            let reason = "Botmatic has the contact of its pair no more";
            result.fail(Failure::of(&contact.id, Kind::Rejected, reason));
        }
        outcome => {
            let reason = outcome.error().unwrap_or_default();
            result.fail(Failure::of(&contact.id, Kind::Rejected, reason));
        }
    }
}
