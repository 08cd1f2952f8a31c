//! What an import brings over, and what it leaves alone.

use std::time::Duration;

use http::Method;
use patchcord::botmatic::IntegrationId;
use patchcord::contacts::import::ImportRequest;
use patchcord::contacts::import::job::JobId;
use patchcord_tests::imports::Imports;
use serde_json::json;

use super::{import, with_contacts};

#[tokio::test]
async fn every_contact_is_brought_over_once() {
    let (contacts, integration, function) = with_contacts(250).await;
    let request = json!({"integration": integration});
    let first = import(&function, request.clone()).await;
    assert_eq!(first["state"], "finished", "{first}");
    assert_eq!(first["counts"]["created"], 250, "{first}");
    contacts.idle().await;
    assert_eq!(contacts.botmatic.count("local"), 250);

    let second = import(&function, request).await;
    assert_eq!(second["counts"]["unchanged"], 250, "{second}");
    contacts.idle().await;
    assert_eq!((contacts.botmatic.count("local"), contacts.crm.count("local")), (250, 250));
}

/// Whoever has started it was killed before its message was sent, and is asked once more.
#[tokio::test]
async fn an_import_nobody_was_told_of_begins_when_it_is_asked_for_again() {
    let imports = Imports::start(100).await;
    let function = imports.instance().await;
    let store = function.importer().imports();
    let integration = IntegrationId::try_from(imports.integration.clone()).unwrap();
    let id = JobId::new(integration.clone(), store.clock.now(), &store.random);
    store.jobs.start(&id, &ImportRequest::full(integration), None).await.unwrap();
    imports.contacts.clock.advance(Duration::from_secs(6));
    let request = json!({ "integration": imports.integration });
    let (status, begun) = imports.ask(Method::POST, "/imports", Some(&request)).await;
    assert_eq!((status, &begun["started"]), (200, &json!(false)), "{begun}");
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let status = imports.ended(&id.to_string()).await;
    assert_eq!(status["counts"]["created"], 100, "{status}");
    mapping.stop().await;
}
