//! What the themes of the contract share: a store with its clock, ids, and claims.

use std::time::Duration;

use serde_json::json;

use crate::botmatic::IntegrationId;
use crate::contacts::pairs::{
    Begun, BegunOutside, Claim, ClaimRequest, Claimed, Contact, CreationKey, Known, Lease, NewPair,
    PairStore, View,
};
use crate::contacts::{BotmaticId, ExternalId, Side};
use crate::ground::clock::{Clock as _, ManualClock, Timestamp};

/// How long a claim lasts.
pub const CLAIM: Duration = Duration::from_secs(30);

/// A store under test, and the clock by which it tells the time.
pub struct Contract<'a> {
    pub store: &'a dyn PairStore,
    pub clock: &'a ManualClock,
}

pub fn integration(name: &str) -> IntegrationId {
    IntegrationId::try_from(name.to_owned()).expect("an integration id")
}

pub fn botmatic(id: &str) -> BotmaticId {
    BotmaticId::new(id).expect("an id")
}

pub fn external(id: &str) -> ExternalId {
    ExternalId::new(id).expect("an id")
}

pub fn on_botmatic(id: &str) -> Contact {
    Contact::Botmatic(botmatic(id))
}

pub fn outside(id: &str) -> Contact {
    Contact::External(external(id))
}

/// That of an address.
pub fn key(text: &str) -> CreationKey {
    CreationKey::of_address(text)
}

pub fn view(value: &str) -> View {
    let mut view = View::default();
    view.note(Side::Botmatic, "firstname", &json!(value));
    view
}

/// Contacts `e…` with these numbers, each with a key of its own.
pub fn keyed(numbers: std::ops::Range<usize>) -> Vec<(ExternalId, CreationKey)> {
    numbers.map(|number| (external(&format!("e{number}")), key(&number.to_string()))).collect()
}

/// The leases of contacts all of which were begun.
pub fn leases(answers: Vec<BegunOutside>) -> Vec<Lease> {
    let lease = |answer| match answer {
        BegunOutside::Begun(lease) => lease,
        other => panic!("expected a contact that is begun, got {other:?}"),
    };
    answers.into_iter().map(lease).collect()
}

/// The leased contact with Botmatic's of this number.
pub fn new_pair(lease: Lease, number: usize) -> NewPair {
    let number = number.to_string();
    NewPair { lease, botmatic: botmatic(&number), view: view(&number) }
}

impl Contract<'_> {
    pub async fn begin(
        &self,
        of: &IntegrationId,
        contacts: &[(ExternalId, CreationKey)],
        owner: &str,
    ) -> Vec<BegunOutside> {
        let until = self.clock.now() + CLAIM;
        let begun = self.store.begin_creations(of, contacts, owner, until, self.stale()).await;
        begun.expect("begin")
    }

    /// Begins the creation of the leased contact under the key `name`, with `view(name)`.
    pub async fn begun(&self, lease: &mut Lease, name: &str) -> Begun {
        let begun = self.store.begin_creation(lease, key(name), &view(name), self.stale()).await;
        begun.expect("begin")
    }

    pub async fn known(&self, of: &IntegrationId, externals: &[ExternalId]) -> Vec<Known> {
        self.store.known_outside(of, externals).await.expect("known")
    }

    /// A creation counts for a minute.
    pub fn stale(&self) -> Timestamp {
        self.clock.now() - Duration::from_mins(1)
    }

    pub async fn claim(&self, of: &str, contact: Contact, owner: &str) -> Claim {
        let request = ClaimRequest {
            integration: integration(of),
            contact,
            owner: owner.to_owned(),
            until: self.clock.now() + CLAIM,
        };
        self.store.claim(request).await.expect("claim")
    }

    pub async fn claimed(&self, of: &str, contact: Contact, owner: &str) -> Claimed {
        match self.claim(of, contact.clone(), owner).await {
            Claim::Claimed(claimed) => *claimed,
            Claim::Busy => panic!("expected {contact:?} to be free for {owner}"),
        }
    }

    pub async fn ids(
        &self,
        of: &str,
        b: &str,
        e: &str,
    ) -> (Option<ExternalId>, Option<BotmaticId>) {
        let of = integration(of);
        let forth = self.store.external_id(&of, &botmatic(b)).await.expect("external_id");
        let back = self.store.botmatic_id(&of, &external(e)).await.expect("botmatic_id");
        (forth, back)
    }
}
