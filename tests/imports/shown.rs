//! What `GET /imports/{id}` says of an import that runs, and of failures that may pass.

use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::IntegrationId;
use patchcord::contacts::ExternalId;
use patchcord::contacts::import::job::JobId;
use patchcord::contacts::pairs::{Claim, ClaimRequest, Contact, DynamoPairs, PairStore as _};
use patchcord::ground::clock::{Clock as _, Timestamp};
use patchcord_local::tables::{Table, functions_client};
use patchcord_tests::at_once::AtOnce;
use patchcord_tests::imports::Imports;
use serde_json::{Value, json};

use super::bounds::Ahead;
use super::doubts::briefly;
use super::{import, one_by_one, stopped};

/// As it is rounded.
fn a_second(seen: f64, took: Duration) -> f64 {
    (seen / took.as_secs_f64() * 10.0).round() / 10.0
}

fn time(status: &Value, name: &str) -> Timestamp {
    Timestamp::from_rfc3339(status[name].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn the_rate_is_that_since_the_start_and_the_estimate_that_of_the_rest() {
    let imports = one_by_one(300).await;
    let clock = &imports.contacts.clock;
    let status = stopped(&imports, &Value::Null).await;
    clock.advance(Duration::from_secs(40));
    let earliest = clock.now();
    let shown = imports.status(status["import"].as_str().unwrap()).await;
    let latest = clock.now();
    let number = |status: &Value, name: &str| status[name].as_f64().unwrap();
    let (seen, total) = (number(&shown["counts"], "seen"), number(&shown, "total"));
    assert!(seen >= 40.0 && (total - 300.0).abs() < 0.1, "{shown}");
    // It was answered between the two.
    let took = [earliest, latest].map(|now| now.since(time(&shown, "started_at")));
    let [most, least] = took.map(|took| a_second(seen, took));
    assert!((least..=most).contains(&number(&shown, "contacts_per_second")), "{shown}, {took:?}");
    let left = took.map(|took| ((total - seen) * took.as_secs_f64() / seen).floor());
    assert!((left[0]..=left[1]).contains(&number(&shown, "seconds_left")), "{shown}, {left:?}");

    let next = json!({ "import": status["import"] });
    import(&imports.contacts.importer().await, next).await;
    let shown = imports.status(status["import"].as_str().unwrap()).await;
    assert_eq!((&shown["state"], &shown["seconds_left"]), (&json!("finished"), &Value::Null));
    let took = time(&shown, "ended_at").since(time(&shown, "started_at"));
    assert_eq!(shown["contacts_per_second"], json!(a_second(300.0, took)), "{shown}");
}

/// Somebody else has a contact in hand for as long as it is waited for.
#[tokio::test]
async fn a_failure_that_may_pass_says_so_and_passes() {
    let imports = Imports::start(10).await;
    let contacts = &imports.contacts;
    let pairs = DynamoPairs::new(
        functions_client(&contacts.dynamo.endpoint()).unwrap(),
        Table::CONTACTS.to_owned(),
        Arc::clone(&contacts.clock) as _,
    );
    let request = ClaimRequest {
        integration: IntegrationId::try_from(imports.integration.clone()).unwrap(),
        contact: Contact::External(ExternalId::new("c-5").unwrap()),
        owner: "somebody".to_owned(),
        until: contacts.clock.now() + Duration::from_mins(10),
    };
    let claimed = pairs.claim(request).await.unwrap();
    assert!(matches!(claimed, Claim::Claimed(_)), "{claimed:?}");
    let mut http = contacts.http();
    http.sleep = Arc::new(Ahead(Arc::clone(&contacts.clock)));
    let services = AtOnce::start(contacts).await;
    let setup = contacts.import_setup_by(services.endpoint(), http).await;
    let function = setup.function().unwrap();
    let status = briefly(&function, json!({ "integration": imports.integration }), 120_000).await;
    let shown = imports.status(status["import"].as_str().unwrap()).await;
    let counts = (&shown["counts"]["created"], &shown["counts"]["failed"]);
    assert_eq!(counts, (&json!(9), &json!(1)), "{shown}");
    let reason = "somebody else had it in hand, again and again";
    let failure =
        json!({ "external_id": "c-5", "kind": "passing", "reason": reason, "retryable": true });
    assert_eq!(shown["failures"], json!([failure]));

    contacts.clock.advance(Duration::from_mins(10));
    let id = JobId::try_from(status["import"].as_str().unwrap().to_owned()).unwrap();
    let retry = function.importer().imports().retry(&id, false).await.unwrap();
    let status = import(&function, json!({ "import": retry.import })).await;
    let counts = (&status["counts"]["seen"], &status["counts"]["created"]);
    assert_eq!(counts, (&json!(1), &json!(1)), "{status}");
    contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
}
