//! Contacts that are the same, and contacts that change while they are imported.

use std::time::Duration;

use fastrand::Rng;
use patchcord_local::standins::Faults;
use patchcord_tests::contacts::{CONFIG, fields};
use patchcord_tests::imports::{FINISHED, Imports, ImportsOptions, TENANT};
use patchcord_tests::wait::within;
use serde_json::json;

#[tokio::test]
async fn two_contacts_with_one_address_are_two_contacts() {
    let imports = Imports::start(0).await;
    let crm = &imports.contacts.crm;
    crm.change_settings(|settings| settings.deliver_to = None);
    // Beside each other on one page, and on pages that are read at the same time.
    for number in 0..60 {
        let email =
            format!("twin-{}@example.com", if number < 20 { number / 2 } else { number % 20 });
        crm.user_creates(TENANT, fields(json!({ "email": email, "score": number }))).unwrap();
    }
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let import = imports.begin(json!({ "page_size": 10 })).await;
    let status = imports.ended(&import).await;
    assert_eq!(
        (&status["counts"]["failed"], &status["counts"]["seen"]),
        (&json!(0), &json!(60)),
        "{status}"
    );
    imports.contacts.idle().await;
    assert_eq!(imports.contacts.botmatic.count(TENANT), 60);
    assert_eq!(imports.differences().await, Vec::<String>::new());
    mapping.stop().await;
}

/// People work on both sides while a slow import reads page after page: contacts come, change and
/// go, and pages move below whoever reads them. Says what is different once all is told.
async fn while_both_sides_change(consumer: &str) -> (Imports, Vec<String>) {
    let seed = fastrand::u64(..);
    println!("SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let config = CONFIG
        .replace("settle_seconds: 1", "settle_seconds: 12")
        .replace("consumer: {type: rest, base_url: CRM, token: local-crm-key}", consumer);
    let options = ImportsOptions { config: &config, patient: true, ..ImportsOptions::default() };
    let imports = Imports::with(600, options).await;
    let slow = Faults { latency_ms: 60, ..Faults::default() };
    imports.contacts.crm.set_faults(slow.clone()).unwrap();
    imports.contacts.botmatic.set_faults(slow).unwrap();
    let mapping = imports.run(2, Duration::from_secs(20)).await;
    let import = imports.begin(json!({ "page_size": 10 })).await;
    let (crm, botmatic) = (&imports.contacts.crm, &imports.contacts.botmatic);
    let mut changes = 0;
    within(FINISHED, async {
        while imports.status(&import).await["state"] == "running" {
            changes += 1;
            let score = json!({ "score": 5_000 + changes });
            let ids: Vec<_> = crm.contacts(TENANT).into_iter().map(|it| it.id).collect();
            let id = &ids[rng.usize(..ids.len())];
            let ours: Vec<_> = botmatic.contacts(TENANT).into_iter().map(|it| it.id).collect();
            let our = ours.get(rng.usize(..ours.len().max(1)));
            let new = || {
                fields(json!({ "email": format!("new-{changes}@example.com"), "score": changes }))
            };
            match (rng.u8(..6), our) {
                (0, _) => drop(crm.user_creates(TENANT, new()).unwrap()),
                (1, _) => crm.user_deletes(TENANT, id).unwrap(),
                (2, Some(our)) => drop(botmatic.user_updates(TENANT, our, fields(score))),
                (3, Some(our)) => drop(botmatic.user_deletes(TENANT, our)),
                (4, _) => drop(botmatic.user_creates(TENANT, new()).unwrap()),
                _ => drop(crm.user_updates(TENANT, id, fields(score)).unwrap()),
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert!(changes > 10, "{changes} changes are too few");
    imports.contacts.idle().await;
    let status = imports.status(&import).await;
    assert_eq!((&status["state"], &status["counts"]["failed"]), (&json!("finished"), &json!(0)));
    println!("{changes} changes, {}", status["counts"]);
    mapping.stop().await;
    let differences = imports.differences().await;
    (imports, differences)
}

#[tokio::test]
async fn what_changes_while_a_list_is_read_by_cursor_is_the_same_in_the_end() {
    let consumer = r#"consumer:
    type: rest
    base_url: CRM
    timeout_seconds: 0.5
    token: local-crm-key
    operations:
      list_contacts:
        query: { page: null, cursor: "{{ cursor }}" }
        paging: { type: cursor, next: next_cursor }"#;
    let (_, differences) = while_both_sides_change(consumer).await;
    assert_eq!(differences, Vec::<String>::new());
}

/// Where a contact is deleted on a page that was read, the first one of the next page moves to it,
/// and is not seen. Nothing else is missed, and the next import brings it.
#[tokio::test]
async fn what_a_list_that_is_read_by_page_passes_over_comes_with_the_next_import() {
    let consumer =
        "consumer: {type: rest, base_url: CRM, timeout_seconds: 0.5, token: local-crm-key}";
    let (imports, missed) = while_both_sides_change(consumer).await;
    println!("{missed:?}");
    assert!(missed.iter().all(|it| it.ends_with("only on the CRM")), "{missed:?}");
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let status = imports.ended(&imports.begin(json!({})).await).await;
    assert_eq!(status["counts"]["created"], missed.len(), "{status}");
    imports.contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
    mapping.stop().await;
}
