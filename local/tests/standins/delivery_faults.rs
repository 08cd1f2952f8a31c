//! Deliveries that come twice, late, out of order, or not at first.

use std::collections::BTreeMap;

use patchcord_local::standins::{BotmaticStandin, DeliveryFaults};

use super::{
    client::{Client, delivering_to, named},
    delivery::idle,
    receiver::Receiver,
};

async fn start(faults: DeliveryFaults) -> (Receiver, BotmaticStandin) {
    let receiver = Receiver::start().await;
    let botmatic = BotmaticStandin::start(delivering_to(&receiver.url)).await.unwrap();
    botmatic.set_delivery_faults(faults).unwrap();
    (receiver, botmatic)
}

fn names(receiver: &Receiver) -> Vec<String> {
    receiver.events().into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn twice() {
    let faults = DeliveryFaults { rate_duplicate: 1.0, ..DeliveryFaults::default() };
    let (receiver, botmatic) = start(faults).await;
    botmatic.user_creates("local", named("Ada")).unwrap();
    botmatic.user_deletes("local", "1").unwrap();
    idle(&botmatic).await;
    let twice = ["contact_created", "contact_created", "contact_deleted", "contact_deleted"];
    assert_eq!(names(&receiver), twice);
    assert_eq!(botmatic.outbox().delivered, 2);
}

#[tokio::test]
async fn lost_at_first() {
    let faults = DeliveryFaults { rate_drop: 1.0, ..DeliveryFaults::default() };
    let (receiver, botmatic) = start(faults).await;
    botmatic.user_creates("local", named("Ada")).unwrap();
    idle(&botmatic).await;
    assert_eq!(names(&receiver), ["contact_created"]);
    assert_eq!(botmatic.outbox().recent[0].attempts, 2);
}

#[tokio::test]
async fn overtaken_by_the_next_change_of_the_same_contact() {
    let faults = DeliveryFaults { rate_reorder: 1.0, reorder_ms: 0, ..DeliveryFaults::default() };
    let (receiver, botmatic) = start(faults).await;
    botmatic.pause_deliveries(true);
    botmatic.user_creates("local", named("Ada")).unwrap();
    botmatic.user_updates("local", "1", named("Eve")).unwrap();
    botmatic.user_deletes("local", "1").unwrap();
    // Long enough for a delivery that is not held back.
    let client = Client::of(&botmatic, "local-token");
    for _ in 0..20 {
        client.get("/api/bots").await;
    }
    assert_eq!(botmatic.outbox().waiting, 3);
    assert_eq!(names(&receiver), [] as [&str; 0]);
    botmatic.pause_deliveries(false);
    idle(&botmatic).await;
    assert_eq!(names(&receiver), ["contact_updated", "contact_created", "contact_deleted"]);

    // Alone, it waits for nobody in the end.
    botmatic.user_creates("local", named("Ada")).unwrap();
    idle(&botmatic).await;
    assert_eq!(names(&receiver).len(), 4);
}

/// Each change arrives at least once whatever happens, and the same ones are hit by the same seed.
#[tokio::test]
async fn a_seed_repeats_what_happened() {
    let rates = DeliveryFaults {
        rate_duplicate: 0.3,
        rate_drop: 0.3,
        rate_reorder: 0.3,
        reorder_ms: 1,
        delay_ms: 3,
        ..DeliveryFaults::default()
    };
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        println!("seed {seed}");
        let (receiver, botmatic) = start(DeliveryFaults { seed, ..rates }).await;
        for _ in 0..100 {
            botmatic.user_creates("local", named("Ada")).unwrap();
        }
        idle(&botmatic).await;
        let mut arrivals = BTreeMap::new();
        for (_, id) in receiver.events() {
            *arrivals.entry(id).or_insert(0) += 1;
        }
        let mut attempts: Vec<_> =
            botmatic.outbox().recent.iter().map(|d| (d.number, d.attempts)).collect();
        attempts.sort_unstable();
        assert_eq!(arrivals.len(), 100);
        runs.push((arrivals, attempts));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let twice = runs[0].0.values().filter(|count| **count == 2).count();
    let dropped = runs[0].1.iter().filter(|(_, attempts)| *attempts == 2).count();
    assert!((15..=45).contains(&twice) && (15..=45).contains(&dropped), "{twice} and {dropped}");
}
