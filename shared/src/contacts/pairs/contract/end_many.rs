//! Many contacts given back in one call: paired, or without a creation.

use super::parts::{
    CLAIM, Contract, botmatic, external, integration, key, keyed, leases, new_pair, on_botmatic,
    outside, view,
};
use crate::contacts::Side;
use crate::contacts::pairs::{BegunOutside, Known, PairError};
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub async fn many_are_paired_as_one_is(&self) {
        let of = integration("pair-many");
        let contacts = keyed(0..250);
        let begun = leases(self.begin(&of, &contacts, "x").await);
        let pairs = begun.into_iter().enumerate().map(|(n, lease)| new_pair(lease, n));
        let pairs: Vec<_> = pairs.collect();
        // Again, as after a lost answer; and the same pair twice in a call.
        for pairs in [&pairs[..], &pairs[..], &[pairs[0].clone(), pairs[0].clone()]] {
            for saved in self.store.pair_many(pairs).await.expect("pair") {
                saved.expect("a pair");
            }
        }
        for number in 0..250 {
            let (b, e) = (number.to_string(), format!("e{number}"));
            let expected = (Some(external(&e)), Some(botmatic(&b)));
            assert_eq!(self.ids("pair-many", &b, &e).await, expected);
        }
        let held = self.claimed("pair-many", outside("e249"), "y").await;
        let Known::Paired(paired) = held.known else { panic!("{:?}", held.known) };
        assert_eq!(paired.view, view("249"));
        // The keys are free again.
        let again: Vec<_> =
            contacts.iter().map(|(id, key)| (external(&format!("new-{id}")), *key)).collect();
        assert_eq!(leases(self.begin(&of, &again, "z").await).len(), 250);
    }

    pub async fn a_pair_that_is_refused_stops_no_other(&self) {
        let of = integration("refused");
        let contacts = keyed(0..40);
        let begun = leases(self.begin(&of, &contacts, "x").await);
        self.store.save_ids(&of, &botmatic("10"), &external("other")).await.expect("save");
        let deleted = self.claimed("refused", on_botmatic("20"), "y").await.lease;
        self.store.mark_deleted(deleted).await.expect("mark_deleted");
        self.claimed("refused", on_botmatic("30"), "y").await;
        let pairs = begun.into_iter().enumerate().map(|(n, lease)| new_pair(lease, n));
        let mut pairs: Vec<_> = pairs.collect();
        // Botmatic says of two that they are the same one.
        pairs[39].botmatic = botmatic("38");
        pairs[5].lease.owner.push_str("-of-somebody-else");
        let saved = self.store.pair_many(&pairs).await.expect("pair");
        let mut twins = 0;
        for (number, saved) in saved.into_iter().enumerate() {
            let (b, e) = (pairs[number].botmatic.as_str(), format!("e{number}"));
            let id = self.store.botmatic_id(&of, &external(&e)).await.expect("botmatic_id");
            match (number, saved) {
                (10, Err(PairError::Conflict { side: Side::Botmatic, .. }))
                | (20, Err(PairError::Deleted { side: Side::Botmatic, .. }))
                | (5 | 30, Err(PairError::LeaseLost)) => assert_eq!(id, None),
                (38 | 39, Err(PairError::Conflict { .. })) => twins += 1,
                (_, Ok(())) => {
                    let expected = (Some(external(&e)), Some(botmatic(b)));
                    assert_eq!(self.ids("refused", b, &e).await, expected);
                }
                (number, saved) => panic!("{number}: {saved:?}"),
            }
        }
        assert_eq!(twins, 1);
        // Those that were refused are still ours.
        self.store.abandon_many(&[pairs.swap_remove(10).lease]).await.expect("abandon");
        let known = self.known(&of, &[external("e10"), external("e20")]).await;
        assert_eq!(known, [Known::Unknown, Known::Creating { since: self.clock.now() }]);
    }

    pub async fn what_was_abandoned_can_be_begun_again(&self) {
        let of = integration("abandon-many");
        let contacts = keyed(0..120);
        let begun = leases(self.begin(&of, &contacts, "x").await);
        self.store.save_ids(&of, &botmatic("7"), &external("e7")).await.expect("save");
        for _ in 0..2 {
            self.store.abandon_many(&begun).await.expect("abandon");
        }
        // An attempt that arrives after all takes nothing.
        for answer in self.begin(&of, &contacts[10..], "x").await {
            assert!(matches!(answer, BegunOutside::Busy), "{answer:?}");
        }
        let mut again = self.begin(&of, &contacts, "y").await;
        let paired = again.remove(7);
        assert!(matches!(paired, BegunOutside::Known(Known::Paired(_))), "{paired:?}");
        let again = leases(again);
        assert_eq!(again.len(), 119);
        // Nor does giving back what somebody else has by now.
        self.store.abandon_many(&begun).await.expect("abandon");
        let since = self.clock.now();
        let known = self.known(&of, &[external("e119")]).await;
        assert_eq!(known, [Known::Creating { since }]);
        assert_eq!(
            self.ids("abandon-many", "7", "e7").await,
            (Some(external("e7")), Some(botmatic("7")))
        );
        self.store.abandon_many(&[]).await.expect("abandon");
    }

    pub async fn a_creation_that_is_left_stays_noted(&self) {
        let of = integration("left-noted");
        let contacts = [(external("a"), key("ada")), (external("b"), key("bea"))];
        let mut begun = leases(self.begin(&of, &contacts, "x").await);
        let since = self.clock.now();
        self.store.release(begun.remove(0)).await.expect("release");
        for (owner, expected) in [("y", [false, true]), ("z", [false, false])] {
            for (answer, is_busy) in
                self.begin(&of, &contacts, owner).await.into_iter().zip(expected)
            {
                match answer {
                    BegunOutside::Busy if is_busy => {}
                    BegunOutside::Known(known) if !is_busy => {
                        assert_eq!(known, Known::Creating { since });
                    }
                    answer => panic!("{owner}: {answer:?}"),
                }
            }
            self.clock.advance(CLAIM);
        }
    }
}
