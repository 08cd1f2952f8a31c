//! What was deleted is remembered.

use super::parts::{Contract, botmatic, external, integration, key, on_botmatic, outside, view};
use crate::contacts::Side;
use crate::contacts::pairs::record::DELETED_FOR;
use crate::contacts::pairs::{Begun, Known, PairError};

impl Contract<'_> {
    pub async fn what_was_deleted_is_remembered_for_a_day(&self) {
        let of = integration("deleted");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        let held = self.claimed("deleted", outside("a"), "x").await;
        for _ in 0..2 {
            self.store.mark_deleted(held.lease.clone()).await.expect("mark_deleted");
        }
        assert_eq!(self.ids("deleted", "1", "a").await, (None, None));
        let unpaired = self.claimed("deleted", on_botmatic("2"), "x").await;
        self.store.mark_deleted(unpaired.lease).await.expect("mark_deleted");
        let gone = [on_botmatic("1"), outside("a"), on_botmatic("2")];
        for (owner, contact) in ["a", "b", "c"].into_iter().zip(gone.clone()) {
            let held = self.claimed("deleted", contact, owner).await;
            assert_eq!(held.known, Known::Deleted);
            self.store.release(held.lease).await.expect("release");
        }
        self.clock.advance(DELETED_FOR);
        for (owner, contact) in ["d", "e", "f"].into_iter().zip(gone) {
            let held = self.claimed("deleted", contact, owner).await;
            assert_eq!(held.known, Known::Unknown);
        }
    }

    pub async fn a_pair_with_one_that_was_deleted_meanwhile_is_refused(&self) {
        let mut lease = self.claimed("meanwhile", outside("a"), "x").await.lease;
        self.begun(&mut lease, "ada").await;
        let deleted = self.claimed("meanwhile", on_botmatic("1"), "y").await;
        self.store.mark_deleted(deleted.lease).await.expect("mark_deleted");
        let refused = self.store.pair(&lease, &on_botmatic("1"), key("ada"), &view("Ada")).await;
        assert!(matches!(refused, Err(PairError::Deleted { side: Side::Botmatic, .. })));
        self.store.mark_deleted(lease).await.expect("mark_deleted");
        let mut other = self.claimed("meanwhile", outside("b"), "z").await.lease;
        let begun = self.begun(&mut other, "ada").await;
        assert_eq!(begun, Begun::Begun, "the creation went with the contact");
    }
}
