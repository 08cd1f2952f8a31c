//! Contacts without a pair: claimed, created on Botmatic in one call, paired.

use std::time::Duration;

use super::halving::{Halving, Refused};
use super::plan::Candidate;
use super::work::{Handled, in_doubt};
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::importer::{Claiming, Importer};
use crate::contacts::import::job::{Failure, Kind};
use crate::contacts::import::run::Run;
use crate::contacts::import::stop::Stop;
use crate::contacts::pairs::{BegunOutside, Contact, Known, Lease, NewPair, PairError};
use crate::contacts::sync::{creation_key, view_of};
use crate::contacts::{ExternalId, Fields, Side};
use crate::ground::retry::RetryPolicy;

/// For noting creations, and for saving pairs of contacts that are there already: giving up leaves
/// them in doubt.
const SAVING: RetryPolicy = RetryPolicy {
    retries: 5,
    first_pause: Duration::from_millis(100),
    longest_pause: Duration::from_secs(2),
};

/// A contact whose creation is noted.
struct Begun {
    candidate: Candidate,
    lease: Lease,
}

impl Importer {
    pub(super) async fn create(
        &self,
        run: &Run<'_>,
        candidates: Vec<Candidate>,
        tell: &mut Vec<ExternalContact>,
        handled: &mut Handled,
    ) {
        if candidates.is_empty() {
            return;
        }
        // Before they are claimed: that may take longer than a claim lasts.
        self.pace(run).await;
        let claiming = self.claim(run);
        let begun = self.begin(run, claiming, candidates, tell, handled).await;
        let contacts: Vec<Fields> = begun
            .iter()
            .map(|it| it.candidate.mapped.fields_where(|entry| !entry.value.is_null()))
            .collect();
        let (token, until) = (&run.integration.token, claiming.calls_until);
        let halving = Halving::of(contacts.len(), false);
        let call = |range| self.parts.botmatic.create_contacts(token, until, &contacts[range]);
        let (results, stop) = self.in_bulk(run, claiming, halving, call).await;
        handled.stop = stop.or(handled.stop.take());
        let last_written = Some(self.now());
        let (mut ids, mut pairs, mut given_up) = (Vec::new(), Vec::new(), Vec::new());
        for (begun, result) in begun.into_iter().zip(results) {
            let Begun { candidate, lease } = begun;
            match result {
                Ok(botmatic) => {
                    let mut view = view_of(&candidate.mapped, Side::External, None);
                    view.last_written = last_written;
                    ids.push(candidate.contact.id);
                    pairs.push(NewPair { lease, botmatic, view });
                }
                Err(Refused::Rejected(reason)) => {
                    let id = &candidate.contact.id;
                    handled.result.fail(Failure::of(id, Kind::Rejected, reason));
                    given_up.push(lease);
                }
                Err(Refused::Later | Refused::Gone) => {
                    handled.left.push(candidate.contact);
                    given_up.push(lease);
                }
                Err(Refused::Doubtful) => self.leave(&candidate.contact.id, lease, handled).await,
            }
        }
        self.give_up(&given_up).await;
        self.save(ids, pairs, handled).await;
    }

    /// Notes the creations, so that none is begun twice, whoever ends when.
    async fn begin(
        &self,
        run: &Run<'_>,
        claiming: Claiming,
        candidates: Vec<Candidate>,
        tell: &mut Vec<ExternalContact>,
        handled: &mut Handled,
    ) -> Vec<Begun> {
        let creations: Vec<_> = candidates
            .iter()
            .map(|Candidate { contact, mapped }| {
                let id = Contact::External(contact.id.clone());
                let key = creation_key(&self.parts.mappings, &id, &contact.fields, mapped);
                (contact.id.clone(), key)
            })
            .collect();
        let (owner, until) = (self.parts.http.random.token(), claiming.until);
        let integration = &run.integration.id;
        let stale = self.now() - self.parts.settle;
        let pairs = &self.parts.pairs;
        let store = self.store_permit().await;
        let mut retries = SAVING.start();
        let begun = loop {
            // The same owner finds what an earlier call has begun; another one would doubt it.
            let error =
                match pairs.begin_creations(integration, &creations, &owner, until, stale).await {
                    Ok(begun) => break Ok(begun),
                    Err(error) => error,
                };
            let left = run.deadline.remaining(self.now());
            match retries.next_pause(None, left, &self.parts.http.random) {
                Some(pause) if error.is_retryable() => self.parts.http.sleep.sleep(pause).await,
                _ => break Err(error),
            }
        };
        drop(store);
        let begun = match begun {
            Ok(begun) => begun,
            Err(error) => {
                handled.stop = Some(Stop::from(error));
                handled.left.extend(candidates.into_iter().map(|it| it.contact));
                return Vec::new();
            }
        };
        let mut ours = Vec::with_capacity(begun.len());
        for (candidate, begun) in candidates.into_iter().zip(begun) {
            match begun {
                BegunOutside::Begun(lease) => ours.push(Begun { candidate, lease }),
                BegunOutside::Known(Known::Creating { .. }) => {
                    handled.result.fail(in_doubt(&candidate.contact.id));
                }
                // Paired or deleted since it was looked up, or in somebody's hands.
                BegunOutside::Known(_) | BegunOutside::Busy => tell.push(candidate.contact),
            }
        }
        match self.still_installed(run).await {
            Ok(()) => ours,
            Err(stop) => {
                let (contacts, leases): (Vec<_>, Vec<_>) =
                    ours.into_iter().map(|it| (it.candidate.contact, it.lease)).unzip();
                self.give_up(&leases).await;
                handled.left.extend(contacts);
                handled.stop = Some(stop);
                Vec::new()
            }
        }
    }

    /// Asked after contacts were claimed: who uninstalls deletes the claims with everything else,
    /// and without them no pair can be saved.
    async fn still_installed(&self, run: &Run<'_>) -> Result<(), Stop> {
        match self.parts.imports.integrations.installed(&run.integration.id).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Stop::Fatal("the integration was uninstalled".to_owned())),
            Err(error) => Err(Stop::Later { after: None, reason: error.to_string() }),
        }
    }

    /// Saves the pairs of contacts that are on Botmatic now.
    async fn save(&self, mut ids: Vec<ExternalId>, mut pairs: Vec<NewPair>, handled: &mut Handled) {
        let mut retries = SAVING.start();
        while !pairs.is_empty() {
            let store = self.store_permit().await;
            let saved = self.parts.pairs.pair_many(&pairs).await;
            drop(store);
            match saved {
                Ok(saved) => {
                    let left = ids.into_iter().zip(pairs).zip(saved);
                    (ids, pairs) = self.saved(left, handled).await;
                }
                // All of them are saved once more: it may be that some were.
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "pairs are not saved");
                }
            }
            match retries.next_pause(None, Duration::MAX, &self.parts.http.random) {
                Some(pause) if !pairs.is_empty() => self.parts.http.sleep.sleep(pause).await,
                Some(_) => {}
                None => {
                    for id in &ids {
                        handled.result.fail(in_doubt(id));
                    }
                    return;
                }
            }
        }
    }

    /// Counts the pairs that were saved, and hands back those that may be later.
    async fn saved(
        &self,
        pairs: impl Iterator<Item = ((ExternalId, NewPair), Result<(), PairError>)>,
        handled: &mut Handled,
    ) -> (Vec<ExternalId>, Vec<NewPair>) {
        let (mut left, mut refused) = ((Vec::new(), Vec::new()), Vec::new());
        for ((id, pair), saved) in pairs {
            match saved {
                Ok(()) => handled.result.counts.created += 1,
                Err(error) if error.is_retryable() => left.extend([(id, pair)]),
                Err(error) => {
                    let reason = error.to_string();
                    handled.result.fail(Failure::of(&id, Kind::Rejected, reason));
                    if matches!(error, PairError::Conflict { .. } | PairError::Deleted { .. }) {
                        refused.push(pair.lease);
                    }
                }
            }
        }
        // Nothing of these is in doubt: what was created is deleted, or somebody else's pair.
        self.give_up(&refused).await;
        left
    }

    /// Lets go of a contact whose creation is in doubt; that stays noted.
    async fn leave(&self, id: &ExternalId, lease: Lease, handled: &mut Handled) {
        self.let_go(lease).await;
        handled.result.fail(in_doubt(id));
    }

    /// Gives contacts back whose creation has certainly not taken place, or was undone.
    async fn give_up(&self, leases: &[Lease]) {
        if let Err(error) = self.parts.pairs.abandon_many(leases).await {
            // Their creation stays noted, and is reported as doubtful by whoever finds it.
            tracing::warn!(error = &error as &dyn std::error::Error, "creations stay noted");
        }
    }
}
