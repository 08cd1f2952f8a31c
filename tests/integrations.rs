//! The contract of the store of integrations against the embedded DynamoDB and AWS's DynamoDB
//! Local, and what can be read in its table.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::sync::Arc;

use patchcord::botmatic::integrations::{
    DynamoIntegrations, IntegrationError, IntegrationId, IntegrationStore, TokenDigest, contract,
    table,
};
use patchcord::ground::aws::dynamodb::{AttributeValue, DynamoDb, Item, Query, Write, text};
use patchcord::ground::seal::Sealer;
use patchcord::ground::secret::Secret;
use patchcord_local::tables::{self, Table};
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::faults::LosingProxy;
use patchcord_tests::stack::database;
use serde_json::json;

fn secret(text: &str) -> Secret {
    Secret::try_from(text.to_owned()).unwrap()
}

fn store(client: DynamoDb, key: &str) -> DynamoIntegrations {
    let sealer = Sealer::from_key(&secret(key)).unwrap();
    DynamoIntegrations::new(client, Table::CONTACTS.to_owned(), Arc::new(sealer))
}

const KEY: &str = "correct-horse-battery-staple-0001";

#[tokio::test]
async fn the_contract_holds_on_the_embedded_dynamodb() {
    let dynamo = database().await;
    contract::check(&store(tables::functions_client(&dynamo.endpoint()).unwrap(), KEY)).await;
}

#[tokio::test]
async fn the_contract_holds_on_dynamodb_local() {
    let dynamo = DynamoDbLocal::with_tables().await;
    contract::check(&store(tables::functions_client(&dynamo.endpoint()).unwrap(), KEY)).await;
}

fn key_of(item: &Item) -> &str {
    item[table::PARTITION_KEY].as_text().unwrap()
}

async fn items(client: &DynamoDb) -> Vec<Item> {
    let mut items = client.scan(&Query::of(Table::CONTACTS)).await.unwrap().items;
    items.sort_by(|one, other| key_of(one).cmp(key_of(other)));
    items
}

#[tokio::test]
async fn nothing_secret_is_stored_in_the_clear_and_nothing_is_left() {
    let dynamo = database().await;
    let client = tables::functions_client(&dynamo.endpoint()).unwrap();
    let store = store(client.clone(), KEY);
    let id = IntegrationId::try_from("one".to_owned()).unwrap();
    store.install(&secret("sesame-1"), id.clone()).await.unwrap();
    let settings = json!({"api_key": "sesame-2"}).as_object().unwrap().clone();
    store.save_settings(&id, &settings).await.unwrap();
    store.replace_token(&id, &secret("sesame-3")).await.unwrap();

    let found = items(&client).await;
    let keys: Vec<_> = found.iter().map(key_of).collect();
    let by_token = format!("token#{}", TokenDigest::of("sesame-3").as_str());
    assert_eq!(keys, ["integration#one", &by_token]);
    let shown = format!("{found:?}");
    for word in ["sesame", "api_key"] {
        assert!(!shown.contains(word), "{shown}");
    }

    store.begin_uninstall(&id).await.unwrap();
    store.forget(&id).await.unwrap();
    assert_eq!(items(&client).await, [] as [Item; 0]);
}

#[tokio::test]
async fn an_answer_of_dynamodb_that_gets_lost_changes_nothing() {
    let dynamo = database().await;
    let proxy = LosingProxy::start(dynamo.addr()).await;
    let client = tables::functions_client(&dynamo.endpoint()).unwrap();
    let lossy = store(tables::functions_client(&proxy.endpoint()).unwrap(), KEY);
    let id = IntegrationId::try_from("one".to_owned()).unwrap();
    // Of each operation, the answer to its first call, to its second, and so on.
    for nth in 0..4 {
        let (old, new) = (secret("old"), secret("new"));
        let lose = || proxy.lose_after(nth);
        lose();
        assert_eq!(lossy.install(&old, id.clone()).await.unwrap().id, id);
        lose();
        assert_eq!(lossy.replace_token(&id, &new).await.unwrap().token.expose(), new.expose());
        assert!(lossy.by_token(old.expose()).await.unwrap().is_none());
        lose();
        lossy.begin_uninstall(&id).await.unwrap();
        lose();
        lossy.forget(&id).await.unwrap();
        assert_eq!(items(&client).await, [] as [Item; 0]);
    }
}

/// Somebody who can write to the table, without the key, moves what is sealed somewhere else.
#[tokio::test]
async fn what_is_sealed_is_of_use_where_it_is_alone() {
    let dynamo = database().await;
    let client = tables::functions_client(&dynamo.endpoint()).unwrap();
    let ours = store(client.clone(), KEY);
    let ids = ["one", "two"].map(|id| IntegrationId::try_from(id.to_owned()).unwrap());
    for id in &ids {
        ours.install(&secret(id.as_str()), id.clone()).await.unwrap();
        ours.save_settings(id, &json!({"a": 1}).as_object().unwrap().clone()).await.unwrap();
    }
    let before = items(&client).await;
    let sealed = |index: usize, name: &str| before[index][name].as_text().unwrap().to_owned();
    for (name, value) in [
        ("sealed_token", sealed(1, "sealed_token")),
        ("sealed_settings", sealed(1, "sealed_settings")),
        ("sealed_token", sealed(0, "sealed_settings")),
        ("sealed_settings", sealed(0, "sealed_token")),
    ] {
        put(&client, name, value).await;
        let error = ours.by_id(&ids[0]).await.unwrap_err();
        assert!(matches!(error, IntegrationError::Sealed(_)), "{error:?}");
        put(&client, name, sealed(0, name)).await;
        assert!(ours.by_id(&ids[0]).await.unwrap().is_some());
    }
    let other_key = store(client, "correct-horse-battery-staple-0002");
    let error = other_key.by_token("one").await.unwrap_err();
    assert!(matches!(error, IntegrationError::Sealed(_)), "{error:?}");
}

async fn put(client: &DynamoDb, name: &str, value: impl Into<String>) {
    let key = table::item_key("integration#one", "#");
    let update = format!("SET {name} = :value");
    let value: AttributeValue = text(value);
    client
        .update(&Write::to(Table::CONTACTS, key).update(update).value(":value", value))
        .await
        .unwrap();
}

/// The item by which a token is found is as it was before the token was replaced, or is forged.
#[tokio::test]
async fn only_its_own_token_finds_an_integration() {
    let dynamo = database().await;
    let client = tables::functions_client(&dynamo.endpoint()).unwrap();
    let store = store(client.clone(), KEY);
    let id = IntegrationId::try_from("one".to_owned()).unwrap();
    store.install(&secret("its own"), id).await.unwrap();
    for (token, owner) in [("another", "one"), ("nobody's", "two")] {
        let key = table::item_key(format!("token#{}", TokenDigest::of(token).as_str()), "#");
        let write = Write::to(Table::CONTACTS, key).update("SET integration = :id");
        client.update(&write.value(":id", text(owner))).await.unwrap();
        assert!(store.by_token(token).await.unwrap().is_none(), "{token}");
    }
    assert!(store.by_token("its own").await.unwrap().is_some());
}
