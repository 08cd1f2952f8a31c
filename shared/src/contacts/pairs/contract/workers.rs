//! Two workers that import the same contacts and die where they like.

use std::collections::{HashMap, HashSet};

use fastrand::Rng;

use super::parts::{CLAIM, Contract, external, integration, key, new_pair};
use crate::botmatic::IntegrationId;
use crate::contacts::pairs::{BegunOutside, CreationKey, Known, Lease};
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::clock::{Clock as _, Timestamp};

const CONTACTS: usize = 30;
const STEPS: usize = 120;

/// What should be true, for all that is known of Botmatic.
#[derive(Default)]
struct Model {
    /// The contacts that are being created, or were, and are not paired: under which key, since
    /// when.
    open: HashMap<ExternalId, (CreationKey, Timestamp)>,
    paired: HashMap<ExternalId, BotmaticId>,
    owners: usize,
    created: usize,
}

impl Contract<'_> {
    /// The same contact is never created twice, whoever dies when.
    pub async fn whoever_dies_no_contact_is_created_twice(&self) {
        let asked = std::env::var("SEED").ok().and_then(|asked| asked.parse().ok());
        let seed = asked.unwrap_or_else(|| fastrand::u64(..));
        println!("SEED={seed}");
        let (mut rng, mut model) = (Rng::with_seed(seed), Model::default());
        let of = integration(&format!("workers-{seed}"));
        let mut hands: [Vec<Lease>; 2] = [Vec::new(), Vec::new()];
        for _ in 0..STEPS {
            let hand = &mut hands[rng.usize(..2)];
            match rng.usize(..10) {
                0..5 => hand.extend(self.begin_some(&of, &mut rng, &mut model).await),
                5..7 => self.pair_some(hand, &mut rng, &mut model).await,
                7 => self.abandon_some(hand, &mut rng, &mut model).await,
                8 => hand.clear(),
                _ => self.clock.advance(CLAIM / 3),
            }
        }
        self.clock.advance(CLAIM);
        let ids: Vec<_> = (0..CONTACTS).map(id).collect();
        let known = self.known(&of, &ids).await;
        let mut on_botmatic = HashSet::new();
        for (id, known) in ids.iter().zip(known) {
            match (known, model.paired.get(id), model.open.get(id)) {
                (Known::Paired(paired), Some(expected), None) => {
                    assert_eq!(paired.botmatic, *expected);
                    let back = self.store.external_id(&of, expected).await.expect("external_id");
                    assert_eq!(back.as_ref(), Some(id));
                    assert!(on_botmatic.insert(expected.clone()), "{expected} is paired twice");
                }
                (Known::Creating { .. }, None, Some(_)) | (Known::Unknown, None, None) => {}
                (known, paired, open) => panic!("{id}: {known:?}, {paired:?}, {open:?}"),
            }
        }
    }

    async fn begin_some(&self, of: &IntegrationId, rng: &mut Rng, model: &mut Model) -> Vec<Lease> {
        // Two contacts each have the same key, and some come twice.
        let page = (0..rng.usize(1..12)).map(|_| rng.usize(..CONTACTS));
        let page: Vec<_> = page.map(|number| (id(number), key_of(number))).collect();
        model.owners += 1;
        let owner = format!("owner-{}", model.owners);
        let mut answers = self.begin(of, &page, &owner).await;
        if rng.bool() {
            // The answer was lost.
            answers = self.begin(of, &page, &owner).await;
        }
        let mut begun = Vec::new();
        for ((id, key), answer) in page.into_iter().zip(answers) {
            if let BegunOutside::Begun(lease) = answer {
                assert!(!model.paired.contains_key(&id), "{id} has a pair");
                assert!(!model.open.contains_key(&id), "{id} may have been created");
                let (now, stale) = (self.clock.now(), self.stale());
                let rival = model.open.values().find(|it| it.0 == key && it.1 > stale);
                assert_eq!(rival, None, "somebody creates the twin of {id}");
                model.open.insert(id, (key, now));
                begun.push(lease);
            }
        }
        begun
    }

    async fn pair_some(&self, hand: &mut Vec<Lease>, rng: &mut Rng, model: &mut Model) {
        let pairs: Vec<_> = some_of(hand, rng)
            .into_iter()
            .map(|lease| {
                model.created += 1;
                new_pair(lease, model.created)
            })
            .collect();
        for _ in 0..rng.usize(1..3) {
            for (pair, saved) in pairs.iter().zip(self.store.pair_many(&pairs).await.expect("pair"))
            {
                saved.expect("a pair, as nobody else may have begun it");
                let id = external(pair.lease.contact.id());
                model.open.remove(&id);
                model.paired.insert(id, pair.botmatic.clone());
            }
        }
    }

    async fn abandon_some(&self, hand: &mut Vec<Lease>, rng: &mut Rng, model: &mut Model) {
        let leases = some_of(hand, rng);
        for _ in 0..rng.usize(1..3) {
            self.store.abandon_many(&leases).await.expect("abandon");
        }
        for lease in leases {
            model.open.remove(&external(lease.contact.id()));
        }
    }
}

fn id(number: usize) -> ExternalId {
    external(&format!("e{number}"))
}

fn key_of(number: usize) -> CreationKey {
    key(&(number / 2).to_string())
}

fn some_of(hand: &mut Vec<Lease>, rng: &mut Rng) -> Vec<Lease> {
    hand.split_off(rng.usize(..=hand.len()))
}
