//! A contact is created on the other side once.

use std::time::Duration;

use super::parts::{Contract, botmatic, external, integration, key, on_botmatic, outside, view};
use crate::contacts::Side;
use crate::contacts::pairs::{Begun, Known, PairError};
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub async fn a_contact_is_created_once(&self) {
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

    pub async fn a_creation_that_is_in_doubt_is_remembered(&self) {
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

    pub async fn a_creation_that_was_left_holds_nobody_up(&self) {
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

    pub async fn giving_up_leaves_a_pair_alone(&self) {
        let of = integration("give-up");
        let mut lease = self.claimed("give-up", on_botmatic("1"), "x").await.lease;
        self.store.begin_creation(&mut lease, key("ada"), self.stale()).await.expect("begin");
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        self.store.abandon(lease).await.expect("abandon");
        assert_eq!(self.ids("give-up", "1", "a").await, (Some(external("a")), Some(botmatic("1"))));
    }
}
