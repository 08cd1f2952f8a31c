//! Both ids of a pair, saved and deleted together.

use std::time::Duration;

use super::parts::{Contract, botmatic, external, integration, outside};
use crate::contacts::Side;
use crate::contacts::pairs::{Deletion, Known, PairError};
use crate::ground::clock::{Clock as _, Deadline};

impl Contract<'_> {
    pub async fn both_directions_agree(&self) {
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

    pub async fn a_second_pair_is_a_conflict(&self) {
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

    pub async fn integrations_are_kept_apart(&self) {
        let of = integration("apart-1");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        assert_eq!(self.ids("apart-2", "1", "a").await, (None, None));
        // The same text is an id on each side.
        self.store.save_ids(&of, &botmatic("a"), &external("1")).await.expect("save");
        assert_eq!(self.ids("apart-1", "a", "1").await, (Some(external("1")), Some(botmatic("a"))));
    }

    pub async fn everything_of_an_integration_is_deleted(&self) {
        let (of, other) = (integration("all"), integration("all-2"));
        for number in 0..300 {
            let (b, e) = (botmatic(&number.to_string()), external(&format!("e{number}")));
            self.store.save_ids(&of, &b, &e).await.expect("save");
        }
        self.store.save_ids(&other, &botmatic("1"), &external("e1")).await.expect("save");
        let mut lease = self.claimed("all", outside("new"), "x").await.lease;
        self.begun(&mut lease, "ada").await;
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
