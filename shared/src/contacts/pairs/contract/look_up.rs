//! What is known of many contacts.

use super::parts::{Contract, botmatic, external, integration, on_botmatic, outside, view};
use crate::contacts::pairs::{Known, Paired, View};
use crate::ground::clock::Clock as _;

impl Contract<'_> {
    pub async fn what_is_known_of_many_is_told_in_their_order(&self) {
        let of = integration("known");
        let asked: Vec<_> = (0..250).map(|number| external(&format!("e{number}"))).collect();
        for number in (0..250).step_by(2) {
            let b = botmatic(&number.to_string());
            self.store.save_ids(&of, &b, &asked[number]).await.expect("save");
        }
        let lease = self.claimed("known", outside("e0"), "x").await.lease;
        self.store.commit(lease, &view("Ada")).await.expect("commit");
        let mut creating = self.claimed("known", outside("e1"), "x").await.lease;
        self.begun(&mut creating, "ada").await;
        let deleted = self.claimed("known", outside("e3"), "x").await.lease;
        self.store.mark_deleted(deleted).await.expect("mark_deleted");
        let pair = self.claimed("known", on_botmatic("4"), "x").await.lease;
        self.store.mark_deleted(pair).await.expect("mark_deleted");
        // One that somebody has is told, too.
        self.claimed("known", on_botmatic("2"), "y").await;

        let known = self.known(&of, &asked).await;
        for (number, known) in known.iter().enumerate() {
            let expected = match number {
                1 => Known::Creating { since: self.clock.now() },
                3 | 4 => Known::Deleted,
                _ if number % 2 == 1 => Known::Unknown,
                _ => Known::Paired(Box::new(Paired {
                    botmatic: botmatic(&number.to_string()),
                    external: asked[number].clone(),
                    view: if number == 0 { view("Ada") } else { View::default() },
                })),
            };
            assert_eq!(*known, expected, "{number}");
        }
        let again = [external("e2"), external("none"), external("e2"), external("e0")];
        let expected = [known[2].clone(), Known::Unknown, known[2].clone(), known[0].clone()];
        assert_eq!(self.known(&of, &again).await, expected);
        assert_eq!(self.known(&integration("known-2"), &asked[..1]).await, [Known::Unknown]);
        assert_eq!(self.known(&of, &[]).await, []);
    }
}
