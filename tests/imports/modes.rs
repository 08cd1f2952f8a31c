//! What each mode writes, and what those that write nothing say.

use std::collections::BTreeMap;
use std::time::Duration;

use patchcord::app::ContactImport;
use patchcord::botmatic::Fields;
use patchcord::contacts::import::job::JobId;
use patchcord_local::standins::Requests;
use patchcord_local::tables::{self, Table};
use patchcord_tests::contacts::Contacts;
use serde_json::{Value, json};

use super::{import, with_contacts};

/// Contacts that both sides hold.
async fn imported(count: u64) -> (Contacts, String, ContactImport) {
    let (contacts, integration, function) = with_contacts(count).await;
    import(&function, json!({ "integration": integration })).await;
    contacts.idle().await;
    (contacts, integration, function)
}

/// The score of these contacts of the CRM is another now. Nobody was told.
fn change(contacts: &Contacts, ids: impl Iterator<Item = u64>) {
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
    for id in ids {
        let fields: Fields = [("score".to_owned(), json!(5_000 + id))].into_iter().collect();
        contacts.crm.user_updates("local", &format!("c-{id}"), fields).unwrap();
    }
    // What was written a moment ago is no business of the import's.
    contacts.clock.advance(Duration::from_secs(5));
}

/// The CRM has so many contacts more.
fn create(contacts: &Contacts, count: u64) {
    for number in 0..count {
        let fields = json!({ "email": format!("new-{number}@example.com"), "score": number });
        contacts.crm.user_creates("local", serde_json::from_value(fields).unwrap()).unwrap();
    }
}

/// The contacts of the CRM that Botmatic does not hold as they are, by score.
fn stale(contacts: &Contacts) -> usize {
    let scores = |of: Vec<patchcord_local::standins::Contact>| -> BTreeMap<String, Value> {
        let by_email = |it: patchcord_local::standins::Contact| {
            (it.fields["email"].to_string(), it.fields["score"].clone())
        };
        of.into_iter().map(by_email).collect()
    };
    let botmatic = scores(contacts.botmatic.contacts("local"));
    let crm = scores(contacts.crm.contacts("local"));
    crm.iter().filter(|(email, score)| botmatic.get(*email).is_some_and(|it| it != *score)).count()
}

/// Requests that write.
fn writes(requests: &Requests) -> u64 {
    requests.counts.iter().filter(|it| it.method != "GET").map(|it| it.count).sum()
}

/// What is stored of contacts.
async fn stored(contacts: &Contacts) -> usize {
    let client = tables::client(&contacts.dynamo.endpoint());
    let items = client.scan().table_name(Table::CONTACTS).send().await.unwrap().items;
    let is_contact = |sort_key: &str| sort_key.starts_with("e#") || sort_key.starts_with("b#");
    items.unwrap_or_default().iter().filter(|it| is_contact(it["sk"].as_s().unwrap())).count()
}

/// Kinds and ids of what an import reports.
async fn reported(function: &ContactImport, status: &Value) -> Vec<(String, String)> {
    let id = JobId::try_from(status["import"].as_str().unwrap().to_owned()).unwrap();
    let page = function.importer().imports().failures(&id, None, 1_000).await.unwrap();
    let reported = page.failures.iter().map(|failure| {
        let shown = json!(failure);
        (
            shown["kind"].as_str().unwrap().to_owned(),
            shown["external_id"].as_str().unwrap().to_owned(),
        )
    });
    let mut reported: Vec<_> = reported.collect();
    reported.sort();
    reported
}

#[tokio::test]
async fn full_changes_what_is_new_in_bulk() {
    let (contacts, integration, function) = imported(250).await;
    let request = json!({ "integration": integration });
    change(&contacts, (1..=250).step_by(5));
    let before = contacts.botmatic.requests();

    let status = import(&function, request.clone()).await;
    let expected = json!({
        "seen": 250, "created": 0, "updated": 50, "unchanged": 200, "failed": 0, "doubtful": 0,
    });
    assert_eq!(status["counts"], expected, "{status}");
    let after = contacts.botmatic.requests();
    let count = |requests: &Requests| requests.count("PATCH", "/api/contacts");
    assert_eq!(count(&after) - count(&before), 3, "one for each page");
    assert_eq!(writes(&after) - writes(&before), 3, "{after:?}");
    assert_eq!(stale(&contacts), 0);

    contacts.idle().await;
    let status = import(&function, request).await;
    assert_eq!(status["counts"]["unchanged"], 250, "{status}");
}

#[tokio::test]
async fn missing_leaves_others_alone() {
    let (contacts, integration, function) = imported(100).await;
    change(&contacts, 1..=10);
    create(&contacts, 7);
    let status = import(&function, json!({ "integration": integration, "mode": "missing" })).await;
    let expected = json!({
        "seen": 107, "created": 7, "updated": 0, "unchanged": 100, "failed": 0, "doubtful": 0,
    });
    assert_eq!(status["counts"], expected, "{status}");
    assert_eq!((stale(&contacts), contacts.botmatic.count("local")), (10, 107));
}

#[tokio::test]
async fn verify_reports_and_writes_nothing() {
    let (contacts, integration, function) = imported(100).await;
    change(&contacts, 1..=3);
    create(&contacts, 2);
    let before = (writes(&contacts.botmatic.requests()), stored(&contacts).await);
    let status = import(&function, json!({ "integration": integration, "mode": "verify" })).await;
    let expected = [
        ("changed", "c-1"),
        ("changed", "c-2"),
        ("changed", "c-3"),
        ("missing", "c-101"),
        ("missing", "c-102"),
    ];
    let expected = expected.map(|(kind, id)| (kind.to_owned(), id.to_owned()));
    assert_eq!(reported(&function, &status).await, expected);
    assert_eq!(status["counts"]["failed"], 0, "{status}");
    assert_eq!((writes(&contacts.botmatic.requests()), stored(&contacts).await), before);
    assert_eq!(writes(&contacts.crm.requests()), 0);

    // What it has found can be brought over, and nothing else is.
    let id = JobId::try_from(status["import"].as_str().unwrap().to_owned()).unwrap();
    let retry = function.importer().imports().retry(&id, false).await.unwrap();
    let status = import(&function, json!({ "import": retry.import })).await;
    let expected = json!({
        "seen": 5, "created": 2, "updated": 3, "unchanged": 0, "failed": 0, "doubtful": 0,
    });
    assert_eq!((&status["mode"], &status["counts"]), (&json!("full"), &expected), "{status}");
    assert_eq!((stale(&contacts), contacts.botmatic.count("local")), (0, 102));
}

#[tokio::test]
async fn what_was_changed_a_moment_ago_is_reported_as_changed() {
    let (contacts, integration, function) = imported(20).await;
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
    // Botmatic's contact was written to within the time in which both tell of changes.
    contacts.clock.advance(Duration::from_secs(5));
    for score in [1_001, 1_002] {
        let fields = json!({ "score": score });
        contacts.crm.user_updates("local", "c-4", serde_json::from_value(fields).unwrap()).unwrap();
        if score == 1_001 {
            import(&function, json!({ "integration": integration })).await;
        }
    }
    let status = import(&function, json!({ "integration": integration, "mode": "verify" })).await;
    let expected = [("changed".to_owned(), "c-4".to_owned())];
    assert_eq!(reported(&function, &status).await, expected, "{status}");
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let (contacts, integration, function) = imported(100).await;
    change(&contacts, 1..=10);
    create(&contacts, 7);
    let before = (writes(&contacts.botmatic.requests()), stored(&contacts).await);
    let status = import(&function, json!({ "integration": integration, "dry_run": true })).await;
    let expected = json!({
        "seen": 107, "created": 7, "updated": 10, "unchanged": 90, "failed": 0, "doubtful": 0,
    });
    assert_eq!(status["counts"], expected, "{status}");
    assert_eq!(status["state"], "finished");
    let example = json!({ "id": "c-1", "kind": "changed", "fields": ["email", "firstname", "score", "city"] });
    assert_eq!(status["examples"].as_array().unwrap().len(), 5, "{status}");
    assert_eq!(status["examples"][0], example, "{status}");
    assert_eq!((writes(&contacts.botmatic.requests()), stored(&contacts).await), before);
    assert_eq!(writes(&contacts.crm.requests()), 0);
    assert_eq!((stale(&contacts), contacts.botmatic.count("local")), (10, 100));
}
