//! What every [`PairStore`] does, as a test that runs against each of them.

#![expect(clippy::expect_used, reason = "a test, public so that it runs against stores elsewhere")]

use std::time::Duration;

use serde_json::json;

use super::record::BURIED_FOR;
use super::store::{
    Begun, Claim, ClaimRequest, Claimed, Contact, CreationKey, Deletion, Known, PairError,
    PairStore,
};
use super::view::View;
use crate::botmatic::IntegrationId;
use crate::contacts::Side;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::clock::{Clock as _, Deadline, ManualClock, Timestamp};
use crate::ground::fingerprint::Fingerprint;

const CLAIM: Duration = Duration::from_secs(30);

/// Runs the whole contract. `clock` is the one by which the store tells the time.
///
/// # Panics
/// If the store breaks it.
pub async fn check(store: &dyn PairStore, clock: &ManualClock) {
    let contract = Contract { store, clock };
    contract.both_directions_agree().await;
    contract.a_second_pair_is_a_conflict().await;
    contract.integrations_are_kept_apart().await;
    contract.a_contact_is_had_by_one_at_a_time().await;
    contract.both_ids_of_a_pair_are_one_claim().await;
    contract.what_both_sides_hold_is_saved().await;
    contract.a_contact_is_created_once().await;
    contract.a_creation_that_is_in_doubt_is_remembered().await;
    contract.a_creation_that_was_left_holds_nobody_up().await;
    contract.giving_up_leaves_a_pair_alone().await;
    contract.what_was_deleted_is_remembered_for_a_day().await;
    contract.a_pair_with_one_that_was_deleted_meanwhile_is_refused().await;
    contract.everything_of_an_integration_is_deleted().await;
}

struct Contract<'a> {
    store: &'a dyn PairStore,
    clock: &'a ManualClock,
}

fn integration(name: &str) -> IntegrationId {
    IntegrationId::try_from(name.to_owned()).expect("an integration id")
}

fn botmatic(id: &str) -> BotmaticId {
    BotmaticId::new(id).expect("an id")
}

fn external(id: &str) -> ExternalId {
    ExternalId::new(id).expect("an id")
}

fn on_botmatic(id: &str) -> Contact {
    Contact::Botmatic(botmatic(id))
}

fn outside(id: &str) -> Contact {
    Contact::External(external(id))
}

fn key(text: &str) -> CreationKey {
    CreationKey(Fingerprint::of(text))
}

fn view(value: &str) -> View {
    let mut view = View::default();
    view.note(Side::Botmatic, "firstname", &json!(value));
    view
}

impl Contract<'_> {
    /// A creation counts for a minute.
    fn stale(&self) -> Timestamp {
        self.clock.now() - Duration::from_mins(1)
    }

    async fn claim(&self, of: &str, contact: Contact, owner: &str) -> Claim {
        let request = ClaimRequest {
            integration: integration(of),
            contact,
            owner: owner.to_owned(),
            until: self.clock.now() + CLAIM,
        };
        self.store.claim(request).await.expect("claim")
    }

    async fn claimed(&self, of: &str, contact: Contact, owner: &str) -> Claimed {
        match self.claim(of, contact.clone(), owner).await {
            Claim::Claimed(claimed) => *claimed,
            Claim::Busy => panic!("expected {contact:?} to be free for {owner}"),
        }
    }

    async fn ids(&self, of: &str, b: &str, e: &str) -> (Option<ExternalId>, Option<BotmaticId>) {
        let of = integration(of);
        let forth = self.store.external_id(&of, &botmatic(b)).await.expect("external_id");
        let back = self.store.botmatic_id(&of, &external(e)).await.expect("botmatic_id");
        (forth, back)
    }

    async fn both_directions_agree(&self) {
        let of = integration("both");
        assert_eq!(self.ids("both", "1", "a").await, (None, None));
        for _ in 0..2 {
            self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
            assert_eq!(
                self.ids("both", "1", "a").await,
                (Some(external("a")), Some(botmatic("1")))
            );
        }
        for _ in 0..2 {
            self.store.delete_ids(&of, &botmatic("1"), &external("a")).await.expect("delete");
            assert_eq!(self.ids("both", "1", "a").await, (None, None));
        }
    }

    async fn a_second_pair_is_a_conflict(&self) {
        let of = integration("conflict");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        for (b, e, side) in [("1", "b", Side::Botmatic), ("2", "a", Side::External)] {
            let saved = self.store.save_ids(&of, &botmatic(b), &external(e)).await;
            let deleted = self.store.delete_ids(&of, &botmatic(b), &external(e)).await;
            for refused in [saved, deleted] {
                match refused {
                    Err(PairError::Conflict { side: found, .. }) => assert_eq!(found, side),
                    other => panic!("expected a conflict for {b} and {e}, got {other:?}"),
                }
            }
        }
        assert_eq!(self.ids("conflict", "2", "b").await, (None, None), "nothing half-written");
        assert_eq!(
            self.ids("conflict", "1", "a").await,
            (Some(external("a")), Some(botmatic("1")))
        );
    }

    async fn integrations_are_kept_apart(&self) {
        let of = integration("apart-1");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        assert_eq!(self.ids("apart-2", "1", "a").await, (None, None));
        // The same text is an id on each side.
        self.store.save_ids(&of, &botmatic("a"), &external("1")).await.expect("save");
        assert_eq!(self.ids("apart-1", "a", "1").await, (Some(external("1")), Some(botmatic("a"))));
    }

    async fn a_contact_is_had_by_one_at_a_time(&self) {
        let held = self.claimed("one", on_botmatic("1"), "a").await;
        assert_eq!(held.known, Known::Unknown);
        assert!(matches!(self.claim("one", on_botmatic("1"), "b").await, Claim::Busy));
        // A claim whose answer was lost is repeated.
        let held = self.claimed("one", on_botmatic("1"), "a").await;
        self.claimed("one", on_botmatic("2"), "b").await;
        self.store.release(held.lease.clone()).await.expect("release");
        // An attempt at the claim that arrives after all takes nothing.
        assert!(matches!(self.claim("one", on_botmatic("1"), "a").await, Claim::Busy));
        self.claimed("one", on_botmatic("1"), "b").await;
        self.store.release(held.lease).await.expect("a release that is late");
        assert!(matches!(self.claim("one", on_botmatic("1"), "c").await, Claim::Busy));
        self.clock.advance(CLAIM);
        self.claimed("one", on_botmatic("1"), "c").await;
    }

    async fn both_ids_of_a_pair_are_one_claim(&self) {
        let of = integration("pair");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        let held = self.claimed("pair", outside("a"), "x").await;
        let Known::Paired(paired) = &held.known else { panic!("{:?}", held.known) };
        assert_eq!((&paired.botmatic, &paired.external), (&botmatic("1"), &external("a")));
        for contact in [on_botmatic("1"), outside("a")] {
            assert!(matches!(self.claim("pair", contact, "y").await, Claim::Busy));
        }
        self.store.release(held.lease).await.expect("release");
        self.claimed("pair", on_botmatic("1"), "y").await;
        assert!(matches!(self.claim("pair", outside("a"), "z").await, Claim::Busy));
    }

    async fn what_both_sides_hold_is_saved(&self) {
        let of = integration("view");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        let held = self.claimed("view", on_botmatic("1"), "x").await;
        self.store.commit(held.lease.clone(), &view("Ada")).await.expect("commit");
        self.store.commit(held.lease.clone(), &view("Ada")).await.expect("the same commit again");
        let next = self.claimed("view", outside("a"), "y").await;
        let Known::Paired(paired) = next.known else { panic!("{:?}", next.known) };
        assert_eq!(paired.view, view("Ada"));
        self.clock.advance(CLAIM);
        let taken = self.claimed("view", on_botmatic("1"), "z").await;
        let late = self.store.commit(next.lease, &view("Grace")).await;
        assert!(matches!(late, Err(PairError::LeaseLost)), "{late:?}");
        self.store.release(taken.lease).await.expect("release");
    }

    async fn a_contact_is_created_once(&self) {
        let mut first = self.claimed("create", on_botmatic("1"), "x").await.lease;
        let mut second = self.claimed("create", outside("a"), "y").await.lease;
        for _ in 0..2 {
            let begun = self
                .store
                .begin_creation(&mut first, key("ada"), self.stale())
                .await
                .expect("begin");
            assert_eq!(begun, Begun::Begun);
        }
        let begun =
            self.store.begin_creation(&mut second, key("ada"), self.stale()).await.expect("begin");
        assert_eq!(begun, Begun::Pending { contact: on_botmatic("1"), is_live: true });
        // Somebody else still has the other contact.
        let early = self.store.pair(&first, &outside("a"), key("ada"), &view("Ada")).await;
        assert!(matches!(early, Err(PairError::LeaseLost)), "{early:?}");
        self.store.release(second).await.expect("release");
        for _ in 0..2 {
            let paired = self.store.pair(&first, &outside("a"), key("ada"), &view("Ada")).await;
            paired.expect("pair");
        }
        assert_eq!(self.ids("create", "1", "a").await, (Some(external("a")), Some(botmatic("1"))));
        let held = self.claimed("create", outside("a"), "z").await;
        let Known::Paired(paired) = held.known else { panic!("{:?}", held.known) };
        assert_eq!(paired.view, view("Ada"));

        // The key is free again, and a contact that has a pair gets no second one.
        let mut third = self.claimed("create", on_botmatic("3"), "w").await.lease;
        let begun =
            self.store.begin_creation(&mut third, key("ada"), self.stale()).await.expect("begin");
        assert_eq!(begun, Begun::Begun);
        let conflict = self.store.pair(&third, &outside("a"), key("ada"), &view("Ada")).await;
        assert!(matches!(conflict, Err(PairError::Conflict { side: Side::External, .. })));
        self.store.abandon(third).await.expect("abandon");
        assert_eq!(self.claimed("create", on_botmatic("3"), "v").await.known, Known::Unknown);
    }

    async fn a_creation_that_is_in_doubt_is_remembered(&self) {
        let mut lease = self.claimed("doubt", outside("a"), "x").await.lease;
        // Given back by a copy that was made before the creation was begun.
        let before = lease.clone();
        self.store.begin_creation(&mut lease, key("ada"), self.stale()).await.expect("begin");
        let since = self.clock.now();
        self.store.release(before).await.expect("release");
        let mut again = self.claimed("doubt", outside("a"), "y").await;
        assert_eq!(again.known, Known::Creating { since });
        // Its content has changed since: then so has its key.
        let begun = self
            .store
            .begin_creation(&mut again.lease, key("grace"), self.stale())
            .await
            .expect("begin");
        assert_eq!(begun, Begun::Begun);
        self.store.release(again.lease).await.expect("release");

        let mut other = self.claimed("doubt", on_botmatic("1"), "z").await.lease;
        let begun =
            self.store.begin_creation(&mut other, key("grace"), self.stale()).await.expect("begin");
        assert_eq!(begun, Begun::Pending { contact: outside("a"), is_live: false });
        let begun =
            self.store.begin_creation(&mut other, key("ada"), self.stale()).await.expect("begin");
        assert_eq!(begun, Begun::Begun, "nobody creates under that key any more");
        // A contact of the same side does not wait for ever for one that nobody comes back to.
        let mut twin = self.claimed("doubt", outside("b"), "t").await.lease;
        let begun = self.store.begin_creation(&mut twin, key("grace"), self.stale()).await;
        assert_eq!(begun.expect("begin"), Begun::Pending { contact: outside("a"), is_live: false });
        self.store.release(twin).await.expect("release");
        // The contact that was in doubt turns out to be this one.
        self.store.pair(&other, &outside("a"), key("grace"), &view("Ada")).await.expect("pair");
        let known = self.claimed("doubt", outside("a"), "w").await.known;
        assert!(matches!(known, Known::Paired(_)), "{known:?}");
    }

    async fn a_creation_that_was_left_holds_nobody_up(&self) {
        let mut left = self.claimed("left", on_botmatic("1"), "x").await.lease;
        self.store.begin_creation(&mut left, key("ada"), self.stale()).await.expect("begin");
        self.store.release(left).await.expect("release");
        self.clock.advance(Duration::from_mins(2));
        let mut twin = self.claimed("left", on_botmatic("2"), "y").await.lease;
        let begun = self.store.begin_creation(&mut twin, key("ada"), self.stale()).await;
        assert_eq!(begun.expect("begin"), Begun::Begun);
        // From the other side it still may be the one.
        self.store.release(twin).await.expect("release");
        self.clock.advance(Duration::from_mins(2));
        let mut other = self.claimed("left", outside("a"), "z").await.lease;
        let begun = self.store.begin_creation(&mut other, key("ada"), self.stale()).await;
        let expected = Begun::Pending { contact: on_botmatic("2"), is_live: false };
        assert_eq!(begun.expect("begin"), expected);
    }

    async fn giving_up_leaves_a_pair_alone(&self) {
        let of = integration("give-up");
        let mut lease = self.claimed("give-up", on_botmatic("1"), "x").await.lease;
        self.store.begin_creation(&mut lease, key("ada"), self.stale()).await.expect("begin");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        self.store.abandon(lease).await.expect("abandon");
        assert_eq!(self.ids("give-up", "1", "a").await, (Some(external("a")), Some(botmatic("1"))));
    }

    async fn what_was_deleted_is_remembered_for_a_day(&self) {
        let of = integration("bury");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        let held = self.claimed("bury", outside("a"), "x").await;
        for _ in 0..2 {
            self.store.bury(held.lease.clone()).await.expect("bury");
        }
        assert_eq!(self.ids("bury", "1", "a").await, (None, None));
        let unpaired = self.claimed("bury", on_botmatic("2"), "x").await;
        self.store.bury(unpaired.lease).await.expect("bury");
        let gone = [on_botmatic("1"), outside("a"), on_botmatic("2")];
        for (owner, contact) in ["a", "b", "c"].into_iter().zip(gone.clone()) {
            let held = self.claimed("bury", contact, owner).await;
            assert_eq!(held.known, Known::Deleted);
            self.store.release(held.lease).await.expect("release");
        }
        self.clock.advance(BURIED_FOR);
        for (owner, contact) in ["d", "e", "f"].into_iter().zip(gone) {
            let held = self.claimed("bury", contact, owner).await;
            assert_eq!(held.known, Known::Unknown);
        }
    }

    async fn a_pair_with_one_that_was_deleted_meanwhile_is_refused(&self) {
        let mut lease = self.claimed("meanwhile", outside("a"), "x").await.lease;
        self.store.begin_creation(&mut lease, key("ada"), self.stale()).await.expect("begin");
        let deleted = self.claimed("meanwhile", on_botmatic("1"), "y").await;
        self.store.bury(deleted.lease).await.expect("bury");
        let refused = self.store.pair(&lease, &on_botmatic("1"), key("ada"), &view("Ada")).await;
        assert!(matches!(refused, Err(PairError::Deleted { side: Side::Botmatic, .. })));
        self.store.bury(lease).await.expect("bury");
        let mut other = self.claimed("meanwhile", outside("b"), "z").await.lease;
        let begun =
            self.store.begin_creation(&mut other, key("ada"), self.stale()).await.expect("begin");
        assert_eq!(begun, Begun::Begun, "the creation went with the contact");
    }

    async fn everything_of_an_integration_is_deleted(&self) {
        let (of, other) = (integration("all"), integration("all-2"));
        for number in 0..300 {
            let (b, e) = (botmatic(&number.to_string()), external(&format!("e{number}")));
            self.store.save_ids(&of, &b, &e).await.expect("save");
        }
        self.store.save_ids(&other, &botmatic("1"), &external("e1")).await.expect("save");
        let mut lease = self.claimed("all", outside("new"), "x").await.lease;
        self.store.begin_creation(&mut lease, key("ada"), self.stale()).await.expect("begin");
        let until = Deadline::after(Duration::from_mins(1), self.clock.now());
        for _ in 0..2 {
            let deletion = self.store.delete_all_ids(&of, until).await.expect("delete all");
            assert_eq!(deletion, Deletion::Finished);
        }
        for number in 0..300 {
            let ids = self.ids("all", &number.to_string(), &format!("e{number}")).await;
            assert_eq!(ids, (None, None), "{number}");
        }
        let known = self.claimed("all", outside("new"), "y").await;
        assert_eq!(known.known, Known::Unknown);
        assert_eq!(self.ids("all-2", "1", "e1").await, (Some(external("e1")), Some(botmatic("1"))));
    }
}
