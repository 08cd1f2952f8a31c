//! The session store's contract against the embedded DynamoDB and AWS's DynamoDB Local, and what
//! happens when DynamoDB's answers get lost.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use patchcord::chat::sessions::{
    Claim, ClaimRequest, Commit, DynamoSessions, Session, SessionKey, SessionStore, contract,
};
use patchcord::ground::clock::{Clock, ManualClock};
use patchcord::ground::fingerprint::Fingerprint;
use patchcord_local::tables::{self, Table};
use patchcord_tests::clock::ahead;
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::faults::LosingProxy;
use patchcord_tests::stack::database;
use serde_json::json;

fn store(endpoint: &str, clock: &Arc<ManualClock>) -> DynamoSessions {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let client = tables::functions_client(endpoint).unwrap();
    DynamoSessions::new(client, Table::CONVERSATIONS.to_owned(), clock)
}

#[tokio::test]
async fn the_contract_holds_on_the_embedded_dynamodb() {
    let dynamo = database().await;
    let clock = ahead();
    contract::check(&store(&dynamo.endpoint(), &clock), &clock).await;
}

#[tokio::test]
async fn the_contract_holds_on_dynamodb_local() {
    let dynamo = DynamoDbLocal::with_tables().await;
    let clock = ahead();
    contract::check(&store(&dynamo.endpoint(), &clock), &clock).await;
}

#[tokio::test]
async fn an_expired_session_that_is_claimed_is_not_deleted_while_somebody_answers() {
    let dynamo = database().await;
    let clock = ahead();
    let store = store(&dynamo.endpoint(), &clock);
    let key = SessionKey::new("rest", "back-again").unwrap();
    let lifetime = Duration::from_hours(1);
    let request = |owner: &str| ClaimRequest {
        key: key.clone(),
        event: None,
        owner: owner.to_owned(),
        until: clock.now() + Duration::from_secs(30),
        expires: Some(clock.now() + lifetime),
    };
    let Claim::Claimed(claimed) = store.claim(request("a")).await.unwrap() else { panic!("busy") };
    let state = json!({ "count": 1 }).as_object().cloned();
    let session = Session { state, ..claimed.session };
    let commit = Commit { session, event: None, answer: None, expires_in: Some(lifetime) };
    store.commit(&claimed.lease, &commit).await.unwrap();

    clock.advance(lifetime);
    let Claim::Claimed(claimed) = store.claim(request("b")).await.unwrap() else { panic!("busy") };
    assert_eq!((claimed.session.state, claimed.session.version), (None, 0));
    let client = tables::client(&dynamo.endpoint());
    let get = client.get_item().table_name(Table::CONVERSATIONS);
    let item = get.key("session", AttributeValue::S("rest:back-again".to_owned())).send().await;
    let item = item.unwrap().item.unwrap();
    let expires: u64 = item["expires_at"].as_n().unwrap().parse().unwrap();
    assert_eq!(expires, (clock.now() + lifetime).as_secs(), "DynamoDB may delete it now");
    assert!(!item.contains_key("state"), "what has expired is gone");
}

#[tokio::test]
async fn an_answer_of_dynamodb_that_gets_lost_changes_nothing() {
    let dynamo = database().await;
    let proxy = LosingProxy::start(dynamo.addr()).await;
    let clock = ahead();
    let store = store(&proxy.endpoint(), &clock);
    let key = SessionKey::new("rest", "lossy").unwrap();

    for round in 1..=8_u64 {
        let event = Fingerprint::of(&round.to_string());
        proxy.lose(1);
        let request = ClaimRequest {
            key: key.clone(),
            event: Some(event),
            owner: format!("owner-{round}"),
            until: clock.now() + Duration::from_secs(30),
            expires: None,
        };
        let claim = store.claim(request).await.unwrap();
        let Claim::Claimed(claimed) = claim else { panic!("round {round}: {claim:?}") };
        assert_eq!(claimed.session.version, round - 1);

        proxy.lose(1);
        let state = json!({ "count": round }).as_object().cloned();
        let session = Session { state, ..claimed.session };
        let commit = Commit { session, event: Some(event), answer: None, expires_in: None };
        store.commit(&claimed.lease, &commit).await.unwrap();
        assert_eq!(proxy.lost(), usize::try_from(2 * round).unwrap(), "no answer was lost");
    }
    let session = store.read(&key).await.unwrap().unwrap();
    assert_eq!((session.version, session.state.unwrap()["count"].as_u64()), (8, Some(8)));
}
