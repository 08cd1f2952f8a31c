//! "Where the reference goes wrong": each of these fails on the reference's behaviour. Where the
//! tests of the other lines are:
//!
//! | Line | Test |
//! |---|---|
//! | all pairs deleted: by partition, in bounded memory, resumable | `../contacts/uninstall.rs` |
//! | a result for each contact of an import, and resumable | `../imports/poisoned.rs`, `kills.rs` |
//! | an import twice changes nothing | `../imports/basics.rs` |
//! | an installation starts an import | `../events/main.rs` |
//! | pages strictly one after the other | `make bench`: an import beside a sequential one |
//! | a transform that throws loses a page | `../imports/private.rs`: what is left out is counted |
//! | failures in a bulk answer; one that is too short | `../../shared/tests/botmatic_api/answers.rs` |
//! | a renewed token | `tokens.rs` |
//! | types before use, and always the same value | `bad_input.rs`, `wire.rs` |
//! | no `auth`; answers, errors, ids, transforms, clearing; Botmatic is down | `reference_answers.rs` |

use std::sync::Arc;

use patchcord_local::standins::{Faults, Requests};
use patchcord_local::tables::{self, Table};
use patchcord_tests::contacts::{CONFIG, Contacts, PUSH_KEY, TOKEN};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::calls::recorded;
use crate::helpers::{event, fields, installed, only_on_crm, pairs, push, silent_with};

#[tokio::test]
async fn pairs_are_saved_in_one_transaction_that_is_awaited() {
    let (contacts, integration, dynamodb) = recorded().await;
    for id in 1..=10 {
        if id % 2 == 0 {
            // Botmatic's own are numbers.
            let data = json!({ "id": format!("b-{id}"), "score": id });
            event(&contacts, "contact_created", data).await;
        } else {
            let body = json!({ "id": format!("x-{id}"), "score": id });
            push(&contacts, &integration, ("POST", "/contacts"), body).await;
        }
        assert_eq!(pairs(&contacts).await.len(), 2 * id, "both directions, once it is answered");
    }
    let calls = dynamodb.calls();
    let pairing = calls.iter().filter(|call| call.body.to_string().contains("SET paired_with"));
    let pairing: Vec<_> = pairing.collect();
    assert_eq!(pairing.len(), 10, "one call for each pair");
    for call in pairing {
        let keys =
            call.writes().into_iter().filter_map(|(_, write)| write["Key"]["sk"]["S"].as_str());
        let mut sides: Vec<_> = keys.map(|key| &key[..2]).collect();
        sides.sort_unstable();
        // The last one is the note of the creation, which is over.
        assert_eq!(sides, ["b#", "c#", "e#"], "{call:?}");
    }
}

/// A CRM that takes the table away while it creates a contact: the pair cannot be saved.
#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_reported() {
    let (address, dynamo) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), Arc::default());
    let endpoint: Arc<std::sync::OnceLock<String>> = Arc::clone(&dynamo);
    let config = CONFIG.replace("CRM", &format!("http://{}", address.local_addr().unwrap()));
    let app = axum::Router::new().fallback(move || {
        let endpoint = dynamo.get().cloned().unwrap();
        async move {
            let gone = tables::client(&endpoint).delete_table().table_name(Table::CONTACTS);
            gone.send().await.unwrap();
            (axum::http::StatusCode::CREATED, r#"{"id": "c-1"}"#)
        }
    });
    tokio::spawn(async move { axum::serve(address, app).await });
    let contacts = silent_with(&config, |setup| setup).await;
    endpoint.set(contacts.dynamo.endpoint()).unwrap();
    contacts.install().await;
    let (status, answer) =
        event(&contacts, "contact_created", json!({ "id": 1, "score": 1 })).await;
    assert_eq!(status, 503, "{answer}");
}

#[tokio::test]
async fn contact_created_does_not_always_fail() {
    let (contacts, _) = installed().await;
    let (_, answer) = event(&contacts, "contact_created", json!({ "id": 1, "score": 1 })).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(contacts.crm.count("local"), 1);
}

#[tokio::test]
async fn a_deletion_without_a_pair_does_not_call_the_external_service_with_no_id() {
    let (contacts, _) = installed().await;
    event(&contacts, "contact_deleted", json!({ "contact_id": 1 })).await;
    assert_eq!(contacts.crm.requests().total(), 0);
}

/// Writes among the requests.
fn writes(requests: &Requests) -> u64 {
    let written = |method| requests.counts.iter().filter(move |it| it.method == method);
    let counts = ["POST", "PATCH", "DELETE"].into_iter().flat_map(written);
    counts.filter(|it| it.path.contains("contacts")).map(|it| it.count).sum()
}

#[tokio::test]
async fn a_change_that_comes_back_as_an_event_is_dropped() {
    let contacts = Contacts::start().await;
    contacts.install().await;
    let expect = async |what: &str, on_botmatic: u64, on_crm: u64| {
        contacts.idle().await;
        let written = (writes(&contacts.botmatic.requests()), writes(&contacts.crm.requests()));
        assert_eq!(written, (on_botmatic, on_crm), "{what}");
    };
    let (botmatic, crm) = (&contacts.botmatic, &contacts.crm);
    let ada = botmatic.user_creates("local", fields(json!({ "firstname": "Ada", "score": 1 })));
    let ada = ada.unwrap();
    expect("created on Botmatic", 0, 1).await;
    botmatic.user_updates("local", &ada.id, fields(json!({ "firstname": "A." }))).unwrap();
    expect("updated on Botmatic", 0, 2).await;
    crm.user_updates("local", "c-1", fields(json!({ "first_name": "Ada" }))).unwrap();
    expect("updated on the CRM", 1, 2).await;
    crm.user_creates("local", fields(json!({ "first_name": "Bob" }))).unwrap();
    expect("created on the CRM", 2, 2).await;
    crm.user_deletes("local", "c-1").unwrap();
    expect("deleted on the CRM", 3, 2).await;
    assert_eq!((botmatic.count("local"), crm.count("local")), (1, 1));
    assert!(botmatic.outbox().delivered + crm.outbox().delivered > 5, "there were echoes");
}

#[tokio::test]
async fn an_address_that_changes_makes_no_duplicate() {
    let (contacts, integration) = installed().await;
    let ada = json!({ "email": "ada@example.com" });
    let ada = contacts.botmatic.user_creates("local", fields(ada)).unwrap();
    event(&contacts, "contact_created", contacts.botmatic.to_json(&ada)).await;
    let moved = json!({ "id": ada.id, "email": "countess@example.com" });
    let (_, answer) = event(&contacts, "contact_updated", moved).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    assert_eq!(only_on_crm(&contacts)["email"], "countess@example.com");
    let body = json!({ "email": "king@example.com" });
    contacts.crm.user_updates("local", "c-1", fields(body.clone())).unwrap();
    push(&contacts, &integration, ("PATCH", "/contacts/c-1"), body).await;
    let held = contacts.botmatic.contacts("local");
    assert_eq!((held.len(), &held[0].fields["email"]), (1, &json!("king@example.com")));
    assert_eq!(pairs(&contacts).await.len(), 2);
}

#[tokio::test]
async fn an_address_is_used_to_adopt_a_contact_once() {
    let (contacts, _) = installed().await;
    contacts.crm.user_creates("local", fields(json!({ "email": "ada@example.com" }))).unwrap();
    let ada = |id: u32| json!({ "id": id, "email": "ada@example.com" });
    assert_eq!(event(&contacts, "contact_created", ada(1)).await.1["data"]["outcome"], "adopted");
    let (_, answer) = event(&contacts, "contact_created", ada(2)).await;
    assert_eq!(answer["success"], false, "it is the first one's: {answer}");
    assert_eq!(pairs(&contacts).await[0], ("b#1".to_owned(), "c-1".to_owned()));
    assert_eq!(contacts.crm.count("local"), 1);
}

#[tokio::test]
async fn two_updates_at_once_of_a_contact_without_a_pair_create_it_once() {
    let (contacts, integration) = installed().await;
    let slow = || Faults { latency_ms: 50, ..Faults::default() };
    contacts.crm.set_faults(slow()).unwrap();
    contacts.botmatic.set_faults(slow()).unwrap();
    let ada = || event(&contacts, "contact_updated", json!({ "id": 77, "firstname": "Ada" }));
    let (one, two, three) = tokio::join!(ada(), ada(), ada());
    let outcomes = [one, two, three].map(|(_, answer)| answer["data"]["outcome"].to_string());
    assert_eq!(outcomes.iter().filter(|it| *it == "\"done\"").count(), 1, "{outcomes:?}");
    assert_eq!(contacts.crm.count("local"), 1);

    let body = || json!({ "id": "c-9", "first_name": "Bob" });
    let bob = || push(&contacts, &integration, ("POST", "/contacts"), body());
    tokio::join!(bob(), bob(), bob());
    assert_eq!(contacts.botmatic.count("local"), 1);
    assert_eq!(pairs(&contacts).await.len(), 4);
}

/// One tenant's uninstallation is in `installing.rs`; this is what an answer has waited for.
#[tokio::test]
async fn uninstalling_deletes_pairs_before_it_is_answered() {
    let (contacts, integration) = installed().await;
    for id in 1..=30 {
        event(&contacts, "contact_created", json!({ "id": id, "score": id })).await;
    }
    assert_eq!(pairs(&contacts).await.len(), 60);
    event(&contacts, "uninstall", Value::Null).await;
    assert!(pairs(&contacts).await.is_empty());
    let (status, _) = push(&contacts, &integration, ("DELETE", "/contacts/c-1"), Value::Null).await;
    assert_eq!(
        status, 401,
        "nor does the external service's key open anything: {PUSH_KEY} {TOKEN}"
    );
}
