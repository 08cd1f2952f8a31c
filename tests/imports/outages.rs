//! Services that are down, that refuse, and invocations that are short.

use std::time::Duration;

use patchcord::contacts::import::Slice;
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::contacts::{CONFIG, TOKEN};
use patchcord_tests::imports::{Imports, ImportsOptions, QUEUE, TENANT};
use patchcord_tests::wait::until;
use serde_json::json;

use super::stopped_once;

/// Every request that writes to Botmatic fails so, or every one that the CRM gets.
fn always(method: &str, path: &str, fault: Fault) -> Faults {
    let rule = Rule { times: u32::MAX, ..Rule::once(method, path, fault) };
    Faults { script: vec![rule], ..Faults::default() }
}

#[tokio::test]
async fn while_botmatic_is_down_the_job_waits_and_then_goes_on() {
    let imports = Imports::start(300).await;
    let down = always("POST", "/api/contacts", Fault::Status(503));
    imports.contacts.botmatic.set_faults(down).unwrap();
    let import = imports.begin(json!({})).await;
    let slice = Slice { import: import.clone().try_into().unwrap(), part: 0, slice: 0 };
    let asked = || imports.contacts.botmatic.requests().count("POST", "/api/contacts");
    let status = stopped_once(&imports.instance().await, &slice, || asked() >= 6).await;
    let shown = (&status["state"], &status["counts"]["seen"]);
    assert_eq!(shown, (&json!("running"), &json!(0)), "{status}");
    assert_eq!(imports.contacts.botmatic.count(TENANT), 0);
    let queued = imports.sqs.queues().counts(QUEUE).unwrap();
    assert_eq!(queued.visible + queued.delayed, 2, "the first message, and one to go on");

    // What goes on is over in one invocation, and reads no page twice.
    let mapping = imports.run(1, Duration::from_mins(5)).await;
    imports.contacts.botmatic.set_faults(Faults::default()).unwrap();
    let status = imports.ended(&import).await;
    let expected = json!({
        "seen": 300, "created": 300, "updated": 0, "unchanged": 0, "failed": 0, "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &expected), "{status}");
    imports.contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
    mapping.stop().await;
}

#[tokio::test]
async fn a_token_that_botmatic_refuses_ends_the_job() {
    let imports = Imports::start(300).await;
    imports.contacts.botmatic.revoke_key(TOKEN);
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let import = imports.begin(json!({})).await;
    let status = imports.ended(&import).await;
    assert_eq!(status["state"], "failed", "{status}");
    let reason = status["reason"].as_str().unwrap();
    assert!(reason.contains("Botmatic") && reason.contains("401"), "{reason}");
    assert!(!reason.contains(TOKEN), "{reason}");
    // It has ended before anybody is told.
    until(|| !imports.told.told().is_empty()).await;
    let told = imports.told.told();
    let data = &told[0].body["data"];
    assert_eq!((&data["state"], &data["reason"]), (&json!("failed"), &json!(reason)));

    // With a token that is accepted everything comes, nothing is in doubt.
    imports.contacts.botmatic.add_key(TENANT, TOKEN);
    let status = imports.ended(&imports.begin(json!({})).await).await;
    assert_eq!(status["counts"]["created"], 300, "{status}");
    mapping.stop().await;
}

#[tokio::test]
async fn a_key_that_the_crm_refuses_ends_the_job() {
    let imports = Imports::start(300).await;
    imports.contacts.crm.revoke_key("local-crm-key");
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let import = imports.begin(json!({})).await;
    let status = imports.ended(&import).await;
    assert_eq!(status["state"], "failed", "{status}");
    let reason = status["reason"].as_str().unwrap();
    assert!(reason.contains("401"), "{reason}");
    assert!(!reason.contains("local-crm-key"), "{reason}");
    assert_eq!(status["counts"]["seen"], 0, "{status}");
    mapping.stop().await;
}

/// An answer that takes a fifth of a second, and invocations that are over after some of them.
#[tokio::test]
async fn many_short_slices_add_up() {
    let options = ImportsOptions { import: "    concurrency: 2\n", ..ImportsOptions::default() };
    let imports = Imports::with(3_000, options).await;
    let slow = Faults { latency_ms: 200, ..Faults::default() };
    imports.contacts.botmatic.set_faults(slow).unwrap();
    let import = imports.begin(json!({ "page_size": 30 })).await;
    let mut slice = Slice { import: import.try_into().unwrap(), part: 0, slice: 0 };
    let asked = || imports.contacts.botmatic.requests().count("POST", "/api/contacts");
    let status = loop {
        let enough = asked() + 20;
        let function = imports.contacts.importer().await;
        let status = stopped_once(&function, &slice, || asked() >= enough).await;
        if status["state"] != "running" {
            break status;
        }
        slice.slice += 1;
        assert!(slice.slice < 10, "some slices come no further: {status}");
    };
    let counts = &status["counts"];
    assert_eq!((&status["state"], &counts["seen"]), (&json!("finished"), &json!(3_000)));
    // A page behind one that was given back is read once more, and there already.
    let there = counts["created"].as_u64().unwrap() + counts["unchanged"].as_u64().unwrap();
    assert_eq!(there, 3_000, "{counts}");
    assert!(slice.slice > 1, "handed over {} times", slice.slice);
    imports.contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
}

/// Botmatic was asked and never got it: that stays reported, is not created again by itself, and is
/// once somebody says so.
#[tokio::test]
async fn what_never_arrived_is_created_once_somebody_says_so() {
    let config = CONFIG.replace("settle_seconds: 1", "settle_seconds: 2");
    let imports =
        Imports::with(200, ImportsOptions { config: &config, ..ImportsOptions::default() }).await;
    let script = vec![Rule::once("POST", "/api/contacts", Fault::DropBefore)];
    imports.contacts.botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let import = imports.begin(json!({})).await;
    let status = imports.ended(&import).await;
    assert_eq!(status["counts"]["doubtful"], 100, "{status}");
    assert_eq!(status["failures"].as_array().unwrap().len(), 100);
    imports.contacts.idle().await;
    assert_eq!(imports.contacts.botmatic.count(TENANT), 100);
    for (create_doubtful, there) in [(false, 100), (true, 200)] {
        let again = imports.ended(&imports.retry(&import, create_doubtful).await).await;
        assert_eq!(again["counts"]["seen"], 100, "{again}");
        imports.contacts.idle().await;
        assert_eq!(imports.contacts.botmatic.count(TENANT), there, "{again}");
    }
    assert_eq!(imports.differences().await, Vec::<String>::new());
    mapping.stop().await;
}
