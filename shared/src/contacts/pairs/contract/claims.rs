//! A contact is had by one at a time.

use super::parts::{CLAIM, Contract, botmatic, external, integration, on_botmatic, outside, view};
use crate::contacts::pairs::{Claim, Known, PairError};

impl Contract<'_> {
    pub async fn a_contact_is_had_by_one_at_a_time(&self) {
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

    pub async fn both_ids_of_a_pair_are_one_claim(&self) {
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

    pub async fn what_both_sides_hold_is_saved(&self) {
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
}
