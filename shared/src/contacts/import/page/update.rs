//! Contacts that have a pair and something new: claimed, changed on Botmatic in one call, committed.

use futures_util::{StreamExt as _, stream};

use super::halving::{Halving, Refused};
use super::plan::{Candidate, is_newer};
use super::work::Handled;
use crate::contacts::Side;
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Failure, Kind};
use crate::contacts::import::run::Run;
use crate::contacts::import::stop::Stop;
use crate::contacts::pairs::{Claim, ClaimRequest, Contact, Known, Lease, PairError, Paired, View};
use crate::contacts::sync::{Change, Loop};
use crate::contacts::{BotmaticId, Fields};
use crate::ground::clock::Timestamp;

/// How many contacts are claimed, or committed, at once.
const CONCURRENCY: usize = 16;

/// A contact that is ours, and what is to be changed.
struct Claimed {
    contact: ExternalContact,
    lease: Lease,
    botmatic: BotmaticId,
    fields: Fields,
    view: View,
}

/// What became of claiming one.
enum Looked {
    Ours(Box<Claimed>),
    Unchanged,
    /// For the sync to look at.
    Tell(ExternalContact),
    Failed(ExternalContact, PairError),
}

impl Importer {
    pub(super) async fn update(
        &self,
        run: &Run<'_>,
        candidates: Vec<Candidate>,
        read_at: Timestamp,
        tell: &mut Vec<ExternalContact>,
        handled: &mut Handled,
    ) {
        if candidates.is_empty() {
            return;
        }
        self.pace(run).await;
        let claiming = self.claim(run);
        let looking = candidates.into_iter().map(|it| self.look(run, claiming.until, it, read_at));
        let looked: Vec<_> = stream::iter(looking).buffered(CONCURRENCY).collect().await;
        let mut ours = Vec::new();
        for looked in looked {
            match looked {
                Looked::Ours(claimed) => ours.push(*claimed),
                Looked::Unchanged => handled.result.counts.unchanged += 1,
                Looked::Tell(contact) => tell.push(contact),
                Looked::Failed(contact, error) => {
                    handled.stop = Some(Stop::from(error));
                    handled.left.push(contact);
                }
            }
        }
        let changes: Vec<_> =
            ours.iter().map(|it| (it.botmatic.clone(), it.fields.clone())).collect();
        let (token, until) = (&run.integration.token, claiming.calls_until);
        let halving = Halving::of(changes.len(), true);
        let call = |range| self.parts.botmatic.update_contacts(token, until, &changes[range]);
        let (results, stop) = self.in_bulk(run, claiming, halving, call).await;
        handled.stop = stop.or(handled.stop.take());
        let ending = ours.into_iter().zip(results).map(|(it, result)| self.end(it, result));
        let ended: Vec<_> = stream::iter(ending).buffered(CONCURRENCY).collect().await;
        for (contact, result) in ended {
            match result {
                Ok(()) => handled.result.counts.updated += 1,
                Err(Refused::Rejected(reason)) => {
                    handled.result.fail(Failure::of(&contact.id, Kind::Rejected, reason));
                }
                // By its own id Botmatic says so once more.
                Err(Refused::Gone) => tell.push(contact),
                Err(Refused::Later | Refused::Doubtful) => handled.left.push(contact),
            }
        }
    }

    /// Takes a contact and looks again at what has to be changed, now that nobody else does.
    async fn look(
        &self,
        run: &Run<'_>,
        until: Timestamp,
        candidate: Candidate,
        read_at: Timestamp,
    ) -> Looked {
        let Candidate { contact, mapped } = candidate;
        let request = ClaimRequest {
            integration: run.integration.id.clone(),
            contact: Contact::External(contact.id.clone()),
            owner: self.parts.http.random.token(),
            until,
        };
        let claimed = match self.parts.pairs.claim(request).await {
            Ok(Claim::Claimed(claimed)) => *claimed,
            Ok(Claim::Busy) => return Looked::Tell(contact),
            Err(error) => return Looked::Failed(contact, error),
        };
        let lease = claimed.lease;
        let looked = match claimed.known {
            Known::Paired(paired) => {
                let Paired { botmatic, view, .. } = *paired;
                let is_newer = is_newer(read_at, &view, self.parts.settle);
                match Change::of(&mapped, Side::External, &view, self.now()) {
                    Ok(Change { fields, .. }) if !fields.is_empty() && !is_newer => {
                        Looked::Tell(contact)
                    }
                    Ok(Change { fields, view }) if !fields.is_empty() => {
                        let lease = lease.clone();
                        let claimed = Claimed { contact, lease, botmatic, fields, view };
                        return Looked::Ours(Box::new(claimed));
                    }
                    Ok(_) | Err(Loop) => Looked::Unchanged,
                }
            }
            _ => Looked::Tell(contact),
        };
        self.let_go(lease).await;
        looked
    }

    /// Gives a contact back, with what both sides hold if it was changed.
    async fn end(
        &self,
        claimed: Claimed,
        result: Result<(), Refused>,
    ) -> (ExternalContact, Result<(), Refused>) {
        let Claimed { contact, lease, view, .. } = claimed;
        let result = match result {
            Ok(()) => self.parts.pairs.commit(lease, &view).await.map_err(|error| {
                tracing::warn!(error = &error as &dyn std::error::Error, "a change is not saved");
                Refused::Later
            }),
            Err(refused) => {
                self.let_go(lease).await;
                Err(refused)
            }
        };
        (contact, result)
    }

    /// Gives a contact back as it is; a claim that cannot be given back ends by itself.
    pub(super) async fn let_go(&self, lease: Lease) {
        if let Err(error) = self.parts.pairs.release(lease).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a contact stays claimed");
        }
    }
}
