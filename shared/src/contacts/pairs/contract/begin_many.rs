//! Many creations begun in one call.

use std::time::Duration;

use super::parts::{
    CLAIM, Contract, botmatic, external, integration, key, keyed, leases, on_botmatic, outside,
    view,
};
use crate::contacts::pairs::{Begun, BegunOutside, Claim, Known, View};
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub async fn many_are_begun_as_one_is(&self) {
        let of = integration("begin");
        let contacts = keyed(0..250);
        // The same call again, as after a lost answer, finds what it has begun.
        for _ in 0..2 {
            let begun = leases(self.begin(&of, &contacts, "x").await);
            assert_eq!(begun.len(), 250);
        }
        let ids: Vec<_> = contacts.iter().map(|(id, _)| id.clone()).collect();
        let since = self.clock.now();
        for known in self.known(&of, &ids).await {
            assert_eq!(known, Known::Creating { since });
        }
        assert!(matches!(self.claim("begin", outside("e7"), "y").await, Claim::Busy));
        let mut other = self.claimed("begin", on_botmatic("1"), "y").await.lease;
        let begun = self.begun(&mut other, "7").await;
        let pending =
            Begun::Pending { contact: outside("e7"), is_live: true, sent: View::default() };
        assert_eq!(begun, pending);
    }

    pub async fn each_of_many_gets_its_own_answer(&self) {
        let of = integration("mixed");
        self.store.save_ids(&of, &botmatic("1"), &external("paired")).await.expect("save");
        let lease = self.claimed("mixed", outside("paired"), "x").await.lease;
        self.store.commit(lease, &view("Ada")).await.expect("commit");
        let lease = self.claimed("mixed", outside("deleted"), "x").await.lease;
        self.store.mark_deleted(lease).await.expect("mark_deleted");
        let mut lease = self.claimed("mixed", outside("doubt"), "x").await.lease;
        self.begun(&mut lease, "doubt").await;
        self.store.release(lease).await.expect("release");
        let since = self.clock.now();
        self.claimed("mixed", outside("had"), "x").await;
        let mut lease = self.claimed("mixed", on_botmatic("2"), "x").await.lease;
        self.begun(&mut lease, "theirs").await;

        let asked = ["new", "paired", "had", "deleted", "doubt", "rival", "last"];
        let keys = ["new", "ada", "had", "deleted", "doubt", "theirs", "last"];
        let contacts: Vec<_> =
            asked.iter().zip(keys).map(|(id, name)| (external(id), key(name))).collect();
        let answers = self.begin(&of, &contacts, "y").await;
        let paired = self.known(&of, &[external("paired")]).await.remove(0);
        assert!(matches!(&paired, Known::Paired(paired) if paired.view == view("Ada")));
        for (id, answer) in asked.iter().zip(answers) {
            match (*id, answer) {
                ("new" | "last", BegunOutside::Begun(_))
                | ("had" | "rival", BegunOutside::Busy)
                | ("deleted", BegunOutside::Known(Known::Deleted)) => {}
                ("paired", BegunOutside::Known(known)) => assert_eq!(known, paired),
                ("doubt", BegunOutside::Known(known)) => {
                    assert_eq!(known, Known::Creating { since });
                }
                (id, answer) => panic!("{id}: {answer:?}"),
            }
        }
        // What was not begun is as it was.
        self.clock.advance(CLAIM);
        assert_eq!(self.claimed("mixed", outside("rival"), "z").await.known, Known::Unknown);
    }

    pub async fn a_contact_or_a_key_is_begun_once_in_a_call(&self) {
        let of = integration("twice");
        let contacts = [("a", "ada"), ("b", "ada"), ("c", "cleo"), ("c", "dora"), ("d", "dora")];
        let contacts = contacts.map(|(id, name)| (external(id), key(name)));
        let answers = self.begin(&of, &contacts, "x").await;
        let is_begun: Vec<_> =
            answers.iter().map(|answer| matches!(answer, BegunOutside::Begun(_))).collect();
        assert_eq!(is_begun, [true, false, true, false, true]);
        assert!(matches!(answers[1], BegunOutside::Busy));
        assert!(matches!(answers[3], BegunOutside::Busy));
        let known = self.known(&of, &[external("b"), external("c")]).await;
        assert_eq!(known, [Known::Unknown, Known::Creating { since: self.clock.now() }]);
    }

    pub async fn two_callers_share_many_without_doing_one_twice(&self) {
        let of = integration("share");
        let contacts = keyed(0..200);
        let reversed: Vec<_> = contacts.iter().rev().cloned().collect();
        let (one, mut other) =
            tokio::join!(self.begin(&of, &contacts, "x"), self.begin(&of, &reversed, "y"));
        other.reverse();
        for ((id, _), answers) in contacts.iter().zip(one.iter().zip(&other)) {
            match answers {
                (BegunOutside::Begun(_), BegunOutside::Busy)
                | (BegunOutside::Busy, BegunOutside::Begun(_)) => {}
                answers => panic!("{id}: {answers:?}"),
            }
        }
    }

    pub async fn a_key_that_was_left_is_taken_over_by_one_of_many(&self) {
        let of = integration("left-many");
        let contacts = keyed(0..3);
        let left = leases(self.begin(&of, &contacts, "x").await);
        let twins: Vec<_> = [3, 4, 5]
            .into_iter()
            .zip(&contacts)
            .map(|(number, (_, key))| (external(&format!("e{number}")), *key))
            .collect();
        for after in [Duration::ZERO, CLAIM] {
            self.clock.advance(after);
            for answer in self.begin(&of, &twins, "y").await {
                assert!(matches!(answer, BegunOutside::Busy), "{after:?} {answer:?}");
            }
        }
        self.clock.advance(Duration::from_mins(2));
        assert_eq!(leases(self.begin(&of, &twins, "y").await).len(), 3);
        // Who comes back after all, and gives up, gives up nothing that is another's by now.
        self.store.abandon_many(&left).await.expect("abandon");
        let third = self.begin(&of, &[(external("e9"), contacts[0].1)], "v").await;
        assert!(matches!(third[..], [BegunOutside::Busy]), "{third:?}");
        assert_eq!(self.known(&of, &[external("e0")]).await, [Known::Unknown]);
        // Of the other side it may still be the one.
        let mut lease = self.claimed("left-many", on_botmatic("1"), "x").await.lease;
        self.begun(&mut lease, "ada").await;
        self.clock.advance(Duration::from_mins(2));
        let other = self.begin(&of, &[(external("e6"), key("ada"))], "z").await;
        assert!(matches!(other[..], [BegunOutside::Busy]), "{other:?}");
    }
}
