//! One import of an integration at a time, until it is ended.

use std::time::Duration;

use http::Method;
use patchcord_local::queue::Counts;
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::imports::{Imports, ImportsOptions, QUEUE, TENANT};
use patchcord_tests::wait::until;
use serde_json::json;

/// An invocation that would go on for this long if nobody ended its import, and how long it is
/// waited for.
const INVOCATION: Duration = Duration::from_mins(5);

/// Until nobody works on anything.
async fn idle(imports: &Imports) {
    until(|| imports.sqs.queues().counts(QUEUE).unwrap() == Counts::default()).await;
}

#[tokio::test]
async fn one_import_at_a_time_and_a_new_one_once_it_is_cancelled() {
    let options =
        ImportsOptions { visibility: INVOCATION, patient: true, ..ImportsOptions::default() };
    let imports = Imports::with(2_000, options).await;
    // So slow that it takes many times as long as cancelling it does.
    let slow = Faults { latency_ms: 1_000, ..Faults::default() };
    imports.contacts.botmatic.set_faults(slow).unwrap();
    let mapping = imports.run(2, INVOCATION).await;
    let first = imports.begin(json!({ "page_size": 10 })).await;
    let request = json!({ "integration": imports.integration, "mode": "verify" });
    let (status, second) = imports.ask(Method::POST, "/imports", Some(&request)).await;
    assert_eq!((status, second), (200, json!({ "import": first, "started": false })));
    imports.until(&first, |status| status["counts"]["created"].as_u64() > Some(20)).await;

    let cancel = format!("/imports/{first}/cancel");
    let (status, cancelled) = imports.ask(Method::POST, &cancel, None).await;
    assert_eq!((status, cancelled), (200, json!({ "import": first, "cancelled": true })));
    let (status, again) = imports.ask(Method::POST, &cancel, None).await;
    assert_eq!((status, again), (200, json!({ "import": first, "cancelled": false })));
    idle(&imports).await;
    let requests = imports.contacts.botmatic.requests().count("POST", "/api/contacts");
    let there = imports.contacts.botmatic.count(TENANT);
    assert!(there < 2_000, "{there} contacts were created all the same");
    let status = imports.status(&first).await;
    assert_eq!(status["state"], "cancelled", "{status}");
    assert!(status["ended_at"].is_string(), "{status}");

    imports.contacts.botmatic.set_faults(Faults::default()).unwrap();
    imports.contacts.idle().await;
    let after = imports.contacts.botmatic.requests().count("POST", "/api/contacts");
    assert_eq!(after, requests, "nobody goes on with it");
    let third = imports.begin(json!({})).await;
    assert_ne!(first, third);
    let status = imports.ended(&third).await;
    let expected = json!({
        "seen": 2000, "created": 2000 - there, "updated": 0, "unchanged": there, "failed": 0,
        "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &expected), "{status}");
    imports.contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
    // It has ended before anybody is told. Whoever is may be told twice, with the same id.
    let third = third.replace('.', "-");
    until(|| imports.told.told().iter().any(|it| it.id == third)).await;
    let mut told = imports.told.told();
    told.dedup_by(|it, before| it.id == before.id);
    let ends: Vec<_> = told.iter().map(|it| it.body["data"]["state"].clone()).collect();
    assert_eq!(ends, ["cancelled", "finished"]);
    mapping.stop().await;
}

#[tokio::test]
async fn a_cancelled_import_does_not_wait_for_a_service_that_is_down() {
    let options = ImportsOptions { visibility: INVOCATION, ..ImportsOptions::default() };
    let imports = Imports::with(300, options).await;
    let rule = Rule { times: u32::MAX, ..Rule::once("POST", "/api/contacts", Fault::Status(503)) };
    let down = Faults { script: vec![rule], ..Faults::default() };
    imports.contacts.botmatic.set_faults(down).unwrap();
    let mapping = imports.run(1, INVOCATION).await;
    let import = imports.begin(json!({})).await;
    until(|| imports.contacts.botmatic.requests().count("POST", "/api/contacts") >= 6).await;
    let cancel = format!("/imports/{import}/cancel");
    assert_eq!(imports.ask(Method::POST, &cancel, None).await.0, 200);
    idle(&imports).await;
    imports.contacts.botmatic.set_faults(Faults::default()).unwrap();
    assert_eq!(imports.contacts.botmatic.count(TENANT), 0);
    mapping.stop().await;
}
