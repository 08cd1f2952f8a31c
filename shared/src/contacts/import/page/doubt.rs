//! Contacts of which it is not known whether Botmatic has created them, where somebody has said
//! that they are to be created all the same.

use super::halving::Stop;
use super::plan::Candidate;
use super::work::Handled;
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::Job;
use crate::contacts::import::run::Run;
use crate::contacts::pairs::{Claim, ClaimRequest, Contact, Known};

/// Whether somebody has said so of this contact. They cannot have meant a creation that was begun
/// since: a page that is read once more would make a second contact of it.
pub(super) fn may_be_forgotten(job: &Job, known: &Known) -> bool {
    let is_said = job.retry.as_ref().is_some_and(|retry| retry.create_doubtful);
    is_said && matches!(known, Known::Creating { since } if *since < job.started)
}

impl Importer {
    /// Forgets that the creation of these contacts was begun. Gives back those that can be created
    /// then; the others are told to the sync.
    pub(super) async fn forget_creations(
        &self,
        run: &Run<'_>,
        doubtful: Vec<Candidate>,
        tell: &mut Vec<ExternalContact>,
        handled: &mut Handled,
    ) -> Vec<Candidate> {
        let mut forgotten = Vec::with_capacity(doubtful.len());
        for candidate in doubtful {
            let request = ClaimRequest {
                integration: run.integration.id.clone(),
                contact: Contact::External(candidate.contact.id.clone()),
                owner: self.parts.http.random.token(),
                until: self.claim(run).until,
            };
            let ended = match self.parts.pairs.claim(request).await {
                Ok(Claim::Claimed(claimed)) if may_be_forgotten(run.job, &claimed.known) => {
                    self.parts.pairs.abandon(claimed.lease).await.map(|()| true)
                }
                Ok(Claim::Claimed(claimed)) => {
                    self.parts.pairs.release(claimed.lease).await.map(|()| false)
                }
                Ok(Claim::Busy) => Ok(false),
                Err(error) => Err(error),
            };
            match ended {
                Ok(true) => forgotten.push(candidate),
                Ok(false) => tell.push(candidate.contact),
                Err(error) => {
                    handled.stop = Some(Stop::from(error));
                    handled.left.push(candidate.contact);
                }
            }
        }
        forgotten
    }
}
