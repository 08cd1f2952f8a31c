//! One contact that Botmatic does not take, among a thousand that it does.

use std::time::Duration;

use http::Method;
use patchcord_local::standins::Reject;
use patchcord_tests::imports::{Imports, TENANT};
use serde_json::{Value, json};

const POISON: &str = "c-617";

/// Refuses the contact: alone, or with every call that it is in.
async fn poisoned(whole: bool) -> Imports {
    let imports = Imports::start(1_000).await;
    let poison = imports.contacts.crm.contact(TENANT, POISON).unwrap();
    imports.contacts.botmatic.change_settings(|settings| {
        let (field, value) = ("email".to_owned(), poison.fields["email"].clone());
        settings.reject = vec![Reject { field, value, whole }];
    });
    imports
}

async fn the_others_arrive(whole: bool, reason: &str) {
    let imports = poisoned(whole).await;
    let mapping = imports.run(2, Duration::from_secs(20)).await;
    let import = imports.begin(json!({})).await;
    let status = imports.ended(&import).await;
    let expected = json!({
        "seen": 1000, "created": 999, "updated": 0, "unchanged": 0, "failed": 1, "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &expected), "{status}");
    let failures = json!([{
        "external_id": POISON, "kind": "rejected", "reason": reason, "retryable": false,
    }]);
    assert_eq!(status["failures"], failures);
    assert_eq!(status["failures_next"], Value::Null);
    imports.contacts.idle().await;
    assert_eq!(imports.contacts.botmatic.count(TENANT), 999);

    // Not mended yet, nothing gets better.
    let again = imports.ended(&imports.retry(&import, false).await).await;
    assert_eq!((&again["counts"]["seen"], &again["counts"]["failed"]), (&json!(1), &json!(1)));
    assert_eq!(again["retry_of"], import.as_str());
    assert_eq!(again["failures"], failures);

    // Mended, it comes, and nobody looks at the others.
    imports.contacts.botmatic.change_settings(|settings| settings.reject = Vec::new());
    let asked = |imports: &Imports| {
        let requests = imports.contacts.crm.requests();
        ["/contacts", "/contacts/{id}"].map(|path| requests.count("GET", path))
    };
    let [lists, ones] = asked(&imports);
    let again = imports.ended(&imports.retry(&import, false).await).await;
    assert_eq!((&again["counts"]["seen"], &again["counts"]["created"]), (&json!(1), &json!(1)));
    assert_eq!(asked(&imports), [lists, ones + 1], "only the one that failed is read");
    imports.contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
    mapping.stop().await;

    let path = format!("/imports/{import}/retry");
    let (status, _) = imports.ask(Method::POST, &path, None).await;
    assert_eq!(status, 202, "a body is not needed");
}

#[tokio::test]
async fn refused_alone_it_is_reported_and_comes_once_it_is_mended() {
    the_others_arrive(false, "email: not accepted").await;
}

#[tokio::test]
async fn refused_with_every_call_it_is_in_it_is_found() {
    the_others_arrive(true, "contacts: one of them is not accepted").await;
}
