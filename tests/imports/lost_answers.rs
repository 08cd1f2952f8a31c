//! DynamoDB does what it is asked and is not heard, at every point of an import in turn.

use std::time::Duration;

use patchcord::app::ContactImport;
use patchcord::ground::clock::Deadline;
use patchcord_tests::contacts::Contacts;
use patchcord_tests::faults::LosingProxy;
use serde_json::{Value, json};

/// As often as a call is tried, so that it fails.
const ATTEMPTS: usize = 3;
const CONTACTS: usize = 3;
/// More than an import of so few takes of DynamoDB, those included that are repeated.
const MOST_CALLS: usize = 200;
const INVOCATION: Duration = Duration::from_secs(20);

#[tokio::test]
async fn wherever_dynamodb_fails_every_contact_is_created_once_and_none_is_in_doubt() {
    let contacts = Contacts::start().await;
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
    contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    let integration = contacts.install().await;
    let upstream = contacts.dynamo.endpoint().strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = LosingProxy::start(upstream).await;
    let setup = contacts.import_setup_at(&proxy.endpoint()).await;
    let function = setup.function().unwrap();
    for calls in 0..MOST_CALLS {
        for number in 0..CONTACTS {
            let fields = json!({ "email": format!("{calls}-{number}@example.com") });
            contacts.crm.user_creates("local", serde_json::from_value(fields).unwrap()).unwrap();
        }
        let before = proxy.lost();
        proxy.lose_after(calls);
        proxy.lose(ATTEMPTS);
        let status = finished(&contacts, &function, &integration).await;
        let counts = &status["counts"];
        assert_eq!(
            (&counts["failed"], &counts["doubtful"]),
            (&json!(0), &json!(0)),
            "{calls}: {status}"
        );
        let there = contacts.botmatic.count("local");
        assert_eq!(there, CONTACTS * (calls + 1), "after {calls} calls: {status}");
        if proxy.lost() == before {
            assert!(calls > 10, "{calls} calls are too few for an import");
            return;
        }
    }
    panic!("an import of {CONTACTS} contacts takes {MOST_CALLS} calls");
}

/// Invokes it as somebody does who tries again when it fails.
async fn finished(contacts: &Contacts, function: &ContactImport, integration: &str) -> Value {
    let mut request = json!({ "integration": integration });
    for _ in 0..10 {
        let clock = &function.importer().imports().clock;
        let deadline = Deadline::after(INVOCATION, clock.now());
        match function.handle(request.clone(), deadline).await {
            Ok(status) if status["state"] == "finished" => return status,
            Ok(status) => request = status["next"].clone(),
            Err(_) => {}
        }
        // Whatever is claimed is free again.
        contacts.clock.advance(INVOCATION + Duration::from_secs(2));
    }
    panic!("it does not get finished");
}
