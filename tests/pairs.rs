//! The contract of the id pairs against the embedded DynamoDB and AWS's DynamoDB Local.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::sync::Arc;
use std::time::Duration;

use patchcord::contacts::pairs::{DynamoPairs, contract};
use patchcord::ground::clock::{Clock, ManualClock, SystemClock};
use patchcord_local::tables::{self, Table};
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::stack::database;

/// A clock ahead of the machine's: DynamoDB deletes what has expired by its own.
fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(SystemClock.now() + Duration::from_hours(24)))
}

fn store(endpoint: &str, clock: &Arc<ManualClock>) -> DynamoPairs {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let client = tables::functions_client(endpoint).unwrap();
    DynamoPairs::new(client, Table::CONTACTS.to_owned(), clock)
}

#[tokio::test]
async fn the_contract_holds_on_the_embedded_dynamodb() {
    let dynamo = database().await;
    let clock = clock();
    contract::check(&store(&dynamo.endpoint(), &clock), &clock).await;
}

#[tokio::test]
async fn the_contract_holds_on_dynamodb_local() {
    let dynamo = DynamoDbLocal::start().await;
    let client = tables::client(&dynamo.endpoint());
    tables::create_tables(&client, &[Table::contacts(Table::CONTACTS)]).await.unwrap();
    let clock = clock();
    contract::check(&store(&dynamo.endpoint(), &clock), &clock).await;
}
