//! A contact is created on the other side once.

use std::time::Duration;

use serde_json::json;

use super::parts::{Contract, botmatic, external, integration, key, on_botmatic, outside, view};
use crate::contacts::Side;
use crate::contacts::pairs::{Begun, Contact, CreationKey, Known, PairError, View};
use crate::ground::clock::Clock as _;

fn pending(contact: Contact, is_live: bool, name: &str) -> Begun {
    Begun::Pending { contact, is_live, sent: view(name) }
}

impl Contract<'_> {
    pub async fn a_contact_is_created_once(&self) {
        let mut first = self.claimed("create", on_botmatic("1"), "x").await.lease;
        let mut second = self.claimed("create", outside("a"), "y").await.lease;
        for _ in 0..2 {
            let begun = self.begun(&mut first, "ada").await;
            assert_eq!(begun, Begun::Begun);
        }
        let begun = self.begun(&mut second, "ada").await;
        assert_eq!(begun, pending(on_botmatic("1"), true, "ada"));
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
        let begun = self.begun(&mut third, "ada").await;
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
        self.begun(&mut lease, "ada").await;
        let since = self.clock.now();
        self.store.release(before).await.expect("release");
        let mut again = self.claimed("doubt", outside("a"), "y").await;
        assert_eq!(again.known, Known::Creating { since });
        // Its content has changed since: then so has its key.
        let begun = self.begun(&mut again.lease, "grace").await;
        assert_eq!(begun, Begun::Begun);
        self.store.release(again.lease).await.expect("release");

        let mut other = self.claimed("doubt", on_botmatic("1"), "z").await.lease;
        let begun = self.begun(&mut other, "grace").await;
        assert_eq!(begun, pending(outside("a"), false, "grace"));
        let begun = self.begun(&mut other, "ada").await;
        assert_eq!(begun, Begun::Begun, "nobody creates under that key any more");
        // A contact of the same side does not wait for ever for one that nobody comes back to.
        let mut twin = self.claimed("doubt", outside("b"), "t").await.lease;
        let begun = self.begun(&mut twin, "grace").await;
        assert_eq!(begun, pending(outside("a"), false, "grace"));
        self.store.release(twin).await.expect("release");
        // The contact that was in doubt turns out to be this one.
        self.store.pair(&other, &outside("a"), key("grace"), &view("Ada")).await.expect("pair");
        let known = self.claimed("doubt", outside("a"), "w").await.known;
        assert!(matches!(known, Known::Paired(_)), "{known:?}");
    }

    pub async fn a_creation_that_was_left_holds_nobody_up(&self) {
        let mut left = self.claimed("left", on_botmatic("1"), "x").await.lease;
        self.begun(&mut left, "ada").await;
        self.store.release(left).await.expect("release");
        self.clock.advance(Duration::from_mins(2));
        let mut twin = self.claimed("left", on_botmatic("2"), "y").await.lease;
        let begun = self.begun(&mut twin, "ada").await;
        assert_eq!(begun, Begun::Begun);
        // From the other side it still may be the one.
        self.store.release(twin).await.expect("release");
        self.clock.advance(Duration::from_mins(2));
        let mut other = self.claimed("left", outside("a"), "z").await.lease;
        let begun = self.begun(&mut other, "ada").await;
        let expected = pending(on_botmatic("2"), false, "ada");
        assert_eq!(begun, expected);
    }

    pub async fn by_its_values_a_creation_is_recognised_for_a_while(&self) {
        let (by_values, by_address) = (CreationKey::of_values(&json!("ada")), key("ada"));
        for (name, key, later) in [
            ("values", by_values, Begun::Begun),
            ("address", by_address, pending(on_botmatic("1"), false, "ada")),
        ] {
            let of = format!("recognised-by-{name}");
            let mut left = self.claimed(&of, on_botmatic("1"), "x").await.lease;
            let sent = view("ada");
            let begun = self.store.begin_creation(&mut left, key, &sent, self.stale()).await;
            assert_eq!(begun.expect("begin"), Begun::Begun);
            self.store.release(left).await.expect("release");
            let mut other = self.claimed(&of, outside("a"), "y").await.lease;
            for (after, expected) in [(0, pending(on_botmatic("1"), false, "ada")), (2, later)] {
                self.clock.advance(Duration::from_mins(after));
                let begun = self.store.begin_creation(&mut other, key, &sent, self.stale()).await;
                assert_eq!(begun.expect("begin"), expected, "{name} after {after} minutes");
            }
        }
    }

    pub async fn what_was_sent_is_remembered_until_the_creation_ends(&self) {
        for (number, contact) in [on_botmatic("1"), outside("a")].into_iter().enumerate() {
            let of = format!("sent-{number}");
            let first = self.claimed(&of, contact.clone(), "u").await.lease;
            assert_eq!(first.sent, View::default());
            let mut lease = first;
            self.begun(&mut lease, "ada").await;
            self.store.release(lease).await.expect("release");
            // Under another key, and then without a view.
            let mut lease = self.claimed(&of, contact.clone(), "v").await.lease;
            assert_eq!(lease.sent, view("ada"));
            self.begun(&mut lease, "grace").await;
            self.store.release(lease).await.expect("release");
            let mut lease = self.claimed(&of, contact.clone(), "w").await.lease;
            assert_eq!(lease.sent, view("grace"));
            let (none, key) = (View::default(), key("grace"));
            let begun = self.store.begin_creation(&mut lease, key, &none, self.stale()).await;
            assert_eq!(begun.expect("begin"), Begun::Begun);
            self.store.release(lease).await.expect("release");
            let mut lease = self.claimed(&of, contact.clone(), "x").await.lease;
            assert_eq!(lease.sent, none);
            // It has not taken place, and the contact is deleted.
            self.begun(&mut lease, "ada").await;
            self.store.abandon(lease).await.expect("abandon");
            let mut lease = self.claimed(&of, contact.clone(), "y").await.lease;
            assert_eq!(lease.sent, none);
            self.begun(&mut lease, "ada").await;
            self.store.mark_deleted(lease).await.expect("mark_deleted");
            let mut lease = self.claimed(&of, contact.clone(), "t").await.lease;
            assert_eq!(lease.sent, none);
            // It has, and the pair holds what whoever saves it says.
            self.begun(&mut lease, "ada").await;
            let other = if number == 0 { outside("b") } else { on_botmatic("2") };
            self.store.pair(&lease, &other, self::key("ada"), &view("Bea")).await.expect("pair");
            let claimed = self.claimed(&of, contact.clone(), "z").await;
            assert_eq!(claimed.lease.sent, none);
            let Known::Paired(paired) = claimed.known else { panic!("{:?}", claimed.known) };
            assert_eq!(paired.view, view("Bea"));
        }
    }

    pub async fn giving_up_leaves_a_pair_alone(&self) {
        let of = integration("give-up");
        let mut lease = self.claimed("give-up", on_botmatic("1"), "x").await.lease;
        self.begun(&mut lease, "ada").await;
        self.store.save_ids(&of, &botmatic("1"), &external("a")).await.expect("save");
        self.store.abandon(lease).await.expect("abandon");
        assert_eq!(self.ids("give-up", "1", "a").await, (Some(external("a")), Some(botmatic("1"))));
    }
}
