//! A creation that was left, and whose key somebody has taken over: its end is none of theirs.

use std::time::Duration;

use super::parts::{Contract, key, new_pair, on_botmatic, outside, view};
use crate::contacts::pairs::{Begun, Lease};

/// How a creation ends.
#[derive(Clone, Copy, Debug)]
enum End {
    UnderAnotherKey,
    Deleted,
    Paired,
    /// With the other contacts of an import's page.
    PairedWithOthers,
    Abandoned,
}

impl Contract<'_> {
    pub async fn a_key_that_was_taken_over_is_its_new_creators(&self) {
        let ends = [
            End::UnderAnotherKey,
            End::Deleted,
            End::Paired,
            End::PairedWithOthers,
            End::Abandoned,
        ];
        for end in ends {
            let of = format!("taken-over-{end:?}");
            let mut left = self.claimed(&of, outside("a"), "u").await.lease;
            assert_eq!(self.begun(&mut left, "ada").await, Begun::Begun);
            self.store.release(left).await.expect("release");
            self.clock.advance(Duration::from_mins(2));
            let mut twin = self.claimed(&of, outside("b"), "v").await.lease;
            assert_eq!(self.begun(&mut twin, "ada").await, Begun::Begun, "{end:?}");

            let late = self.claimed(&of, outside("a"), "w").await.lease;
            // Again, as after a lost answer.
            for _ in 0..2 {
                self.ended(late.clone(), end).await;
            }
            let mut other = self.claimed(&of, on_botmatic("2"), "x").await.lease;
            let begun = self.begun(&mut other, "ada").await;
            let sent = view("ada");
            let expected = Begun::Pending { contact: outside("b"), is_live: true, sent };
            assert_eq!(begun, expected, "{end:?}");
        }
    }

    async fn ended(&self, mut lease: Lease, end: End) {
        match end {
            End::UnderAnotherKey => {
                assert_eq!(self.begun(&mut lease, "grace").await, Begun::Begun);
            }
            End::Deleted => self.store.mark_deleted(lease).await.expect("mark_deleted"),
            End::Paired => {
                let (other, view) = (on_botmatic("1"), view("Ada"));
                self.store.pair(&lease, &other, key("ada"), &view).await.expect("pair");
            }
            End::PairedWithOthers => {
                let saved = self.store.pair_many(&[new_pair(lease, 1)]).await.expect("pair_many");
                for saved in saved {
                    saved.expect("a pair");
                }
            }
            End::Abandoned => self.store.abandon(lease).await.expect("abandon"),
        }
    }
}
