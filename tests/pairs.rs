//! The contract of the id pairs against the embedded DynamoDB and AWS's DynamoDB Local.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use patchcord::botmatic::IntegrationId;
use patchcord::contacts::pairs::{
    BegunOutside, Claim, ClaimRequest, Contact, CreationKey, DynamoPairs, Lease, PairError,
    PairStore, View, contract,
};
use patchcord::contacts::{BotmaticId, ExternalId};
use patchcord::ground::clock::{Clock, ManualClock};
use patchcord_local::tables::{self, Table};
use patchcord_tests::clock::ahead;
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::stack::database;

fn store(endpoint: &str, clock: &Arc<ManualClock>) -> DynamoPairs {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let client = tables::functions_client(endpoint).unwrap();
    DynamoPairs::new(client, Table::CONTACTS.to_owned(), clock)
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

fn integration() -> IntegrationId {
    IntegrationId::try_from("one".to_owned()).unwrap()
}

fn external(id: &str) -> ExternalId {
    ExternalId::new(id).unwrap()
}

fn key() -> CreationKey {
    CreationKey::of_address("ada@example.com")
}

/// Everything in the table, by sort key.
async fn items(endpoint: &str) -> BTreeMap<String, HashMap<String, AttributeValue>> {
    let scan = tables::client(endpoint).scan().table_name(Table::CONTACTS).send().await.unwrap();
    let items = scan.items.unwrap_or_default();
    items.into_iter().map(|item| (item["sk"].as_s().unwrap().clone(), item)).collect()
}

async fn begin(store: &DynamoPairs, clock: &ManualClock) -> Lease {
    let (until, stale) = (clock.now() + Duration::from_secs(30), clock.now());
    let contacts = [(external("a"), key())];
    let begun = store.begin_creations(&integration(), &contacts, "x", until, stale).await;
    match begun.unwrap().remove(0) {
        BegunOutside::Begun(lease) => lease,
        other => panic!("expected a contact that is begun, got {other:?}"),
    }
}

#[tokio::test]
async fn begun_one_by_one_or_together_a_contact_looks_the_same() {
    let (one, together) = (database().await, database().await);
    let clock = ahead();
    begin(&store(&together.endpoint(), &clock), &clock).await;

    let store = store(&one.endpoint(), &clock);
    let request = ClaimRequest {
        integration: integration(),
        contact: Contact::External(external("a")),
        owner: "x".to_owned(),
        until: clock.now() + Duration::from_secs(30),
    };
    let Claim::Claimed(mut claimed) = store.claim(request).await.unwrap() else { panic!("busy") };
    store.begin_creation(&mut claimed.lease, key(), &View::default(), clock.now()).await.unwrap();
    let items_of_one = items(&one.endpoint()).await;
    assert_eq!(items_of_one.len(), 2);
    assert_eq!(items_of_one, items(&together.endpoint()).await);
}

#[tokio::test]
async fn a_pair_that_was_made_meanwhile_does_not_expire_with_what_is_abandoned() {
    let dynamo = database().await;
    let clock = ahead();
    let store = store(&dynamo.endpoint(), &clock);
    let lease = begin(&store, &clock).await;
    let botmatic = BotmaticId::new("1").unwrap();
    store.save_ids(&integration(), &botmatic, &external("a")).await.unwrap();
    store.abandon_many(&[lease]).await.unwrap();
    let item = items(&dynamo.endpoint()).await.remove("e#a").unwrap();
    assert!(!item.contains_key("expires_at") && !item.contains_key("lease_owner"), "{item:?}");
}

#[tokio::test]
async fn a_pair_with_one_direction_is_corrupt() {
    let dynamo = database().await;
    let clock = ahead();
    let store = store(&dynamo.endpoint(), &clock);
    let botmatic = BotmaticId::new("1").unwrap();
    store.save_ids(&integration(), &botmatic, &external("a")).await.unwrap();
    let mut theirs = items(&dynamo.endpoint()).await.remove("b#1").unwrap();
    theirs.retain(|name, _| name == "pk" || name == "sk");
    let client = tables::client(&dynamo.endpoint());
    let delete = client.delete_item().table_name(Table::CONTACTS).set_key(Some(theirs));
    delete.send().await.unwrap();
    let known = store.known_outside(&integration(), &[external("a"), external("b")]).await;
    assert!(matches!(known, Err(PairError::Corrupt(_))), "{known:?}");
}
