//! Who uninstalls leaves nothing of the imports behind.

use std::time::Duration;

use patchcord_local::standins::{Faults, Reject};
use patchcord_local::tables::{self, Table};
use patchcord_tests::contacts::TOKEN;
use patchcord_tests::imports::{Imports, TENANT};
use patchcord_tests::wait::in_time;
use serde_json::json;

/// The partitions of imports, in the whole table.
async fn left(imports: &Imports) -> Vec<String> {
    let client = tables::client(&imports.contacts.dynamo.endpoint());
    let items = client.scan().table_name(Table::CONTACTS).send().await.unwrap().items;
    let partitions =
        items.unwrap_or_default().into_iter().map(|it| it["pk"].as_s().unwrap().clone());
    partitions.filter(|partition| partition.starts_with("import")).collect()
}

async fn uninstall(imports: &Imports) {
    let event = json!({ "event": "uninstall" });
    // Where there is more to do than time, Botmatic sends it again.
    in_time(async {
        while imports.contacts.event(TOKEN, &event).await.0 == 503 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn jobs_and_failures_are_deleted() {
    let imports = Imports::start(200).await;
    let poison = imports.contacts.crm.contact(TENANT, "c-50").unwrap();
    imports.contacts.botmatic.change_settings(|settings| {
        let (field, value) = ("email".to_owned(), poison.fields["email"].clone());
        settings.reject = vec![Reject { field, value, whole: false }];
    });
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    imports.ended(&imports.begin(json!({})).await).await;
    imports.contacts.idle().await;
    assert!(left(&imports).await.len() >= 3, "a job, a part and a failure");
    uninstall(&imports).await;
    assert_eq!(left(&imports).await, Vec::<String>::new());
    mapping.stop().await;
}

#[tokio::test]
async fn an_import_that_runs_ends_and_leaves_nothing() {
    let imports = Imports::start(2_000).await;
    // So slow that it takes many times as long as uninstalling does.
    let slow = Faults { latency_ms: 1_000, ..Faults::default() };
    imports.contacts.botmatic.set_faults(slow).unwrap();
    let mapping = imports.run(1, Duration::from_mins(5)).await;
    let import = imports.begin(json!({ "page_size": 10 })).await;
    imports.until(&import, |status| status["counts"]["created"].as_u64() > Some(20)).await;
    uninstall(&imports).await;
    mapping.stop().await;
    assert_eq!(left(&imports).await, Vec::<String>::new());
    assert!(imports.contacts.botmatic.count(TENANT) < 2_000);
}
