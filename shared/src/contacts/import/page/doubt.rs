//! Contacts of which it is not known whether Botmatic has created them. They are reported, or where
//! somebody has said that they are to be created all the same, begun anew.

use super::plan::Candidate;
use super::work::{Handled, in_doubt};
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::Job;
use crate::contacts::import::run::Run;
use crate::contacts::import::stop::Stop;
use crate::contacts::pairs::{Claim, ClaimRequest, Contact, Known};

/// Whether somebody has said so of this contact. They cannot have meant a creation that was begun
/// since: a page that is read once more would make a second contact of it.
fn may_be_forgotten(job: &Job, known: &Known) -> bool {
    let is_said = job.retry.as_ref().is_some_and(|retry| retry.create_doubtful);
    is_said && matches!(known, Known::Creating { since } if *since < job.started)
}

impl Importer {
    /// Looks at these contacts, which somebody may have in hand just now. Hands back those that can
    /// be created, because the creation that was begun is forgotten.
    pub(super) async fn doubt(
        &self,
        run: &Run<'_>,
        doubtful: Vec<Candidate>,
        tell: &mut Vec<ExternalContact>,
        handled: &mut Handled,
    ) -> Vec<Candidate> {
        let mut forgotten = Vec::new();
        for candidate in doubtful {
            let request = ClaimRequest {
                integration: run.integration.id.clone(),
                contact: Contact::External(candidate.contact.id.clone()),
                owner: self.parts.http.random.token(),
                until: self.claim(run).until,
            };
            let pairs = &self.parts.pairs;
            let ended = match pairs.claim(request).await {
                Ok(Claim::Busy) => {
                    handled.left.push(candidate.contact);
                    continue;
                }
                Ok(Claim::Claimed(claimed)) => match &claimed.known {
                    known if may_be_forgotten(run.job, known) => {
                        let ended = pairs.abandon(claimed.lease).await;
                        forgotten.push(candidate);
                        ended
                    }
                    Known::Creating { .. } => {
                        handled.result.fail(in_doubt(&candidate.contact.id));
                        pairs.release(claimed.lease).await
                    }
                    _ => {
                        tell.push(candidate.contact);
                        pairs.release(claimed.lease).await
                    }
                },
                Err(error) => {
                    handled.left.push(candidate.contact);
                    Err(error)
                }
            };
            if let Err(error) = ended {
                handled.stop = Some(Stop::from(error));
            }
        }
        forgotten
    }
}
