//! The store of jobs, on the embedded DynamoDB and on AWS's DynamoDB Local.

mod contract;
mod kept;
mod store;

use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::ImportRequest;
use patchcord::contacts::import::job::JobState;
use patchcord::contacts::import::source::FileConfig;
use patchcord::contacts::import::store::{JobError, Started};
use patchcord_local::dynamodb::Dynamo;
use patchcord_local::tables::{self, Table};
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::faults::LosingProxy;
use patchcord_tests::stack::database;

use contract::check;
use store::{Store, progress};

#[tokio::test]
async fn the_contract_holds_on_the_embedded_dynamodb() {
    let dynamo = database().await;
    check(&Store::at(&dynamo.endpoint())).await;
}

#[tokio::test]
async fn the_contract_holds_on_dynamodb_local() {
    let dynamo = DynamoDbLocal::with_tables().await;
    check(&Store::at(&dynamo.endpoint())).await;
}

/// A database, a way to it on which answers get lost, and a store at its end.
async fn losing() -> (Dynamo, LosingProxy, Store) {
    let dynamo = database().await;
    let upstream = dynamo.endpoint().strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = LosingProxy::start(upstream).await;
    let store = Store::at(&proxy.endpoint());
    (dynamo, proxy, store)
}

/// DynamoDB does what it is asked, and the answer gets lost: the call is repeated, and nobody may
/// take that for somebody else's work.
#[tokio::test]
async fn an_answer_that_is_lost_is_no_lost_lease() {
    let (_dynamo, proxy, store) = losing().await;
    let id = store.id("lost");

    proxy.lose(1);
    assert_eq!(store.start(&id, None).await, Started::New);
    proxy.lose(1);
    let (lease, _) = store.taken(&id, 0, 0, "a").await;
    let starts = [Cursor::Page(5), Cursor::Page(9)];
    proxy.lose(1);
    assert!(store.jobs.divide(&lease, &starts, 1_200).await.unwrap(), "divided");
    proxy.lose(1);
    store.jobs.save(&lease, &progress(2, 100), store.until()).await.unwrap();
    proxy.lose(1);
    assert_eq!(store.jobs.hand_over(&lease, &progress(2, 100)).await.unwrap(), 1);
    for part in 0..3 {
        let (lease, _) = store.taken(&id, part, 1, "b").await;
        proxy.lose(1);
        store.jobs.finish(&lease, &progress(5, 400)).await.unwrap();
    }
    assert_eq!(proxy.lost(), 8);
    assert_eq!(store.job(&id).await.open_parts, 0);
    proxy.lose(1);
    store.jobs.add_doubts(&id).await.unwrap();
    assert_eq!(store.job(&id).await.open_parts, 1);
}

/// Whoever has ended a job says so, and tells of it.
#[tokio::test]
async fn an_answer_that_is_lost_is_no_job_that_somebody_else_has_ended() {
    let (_dynamo, proxy, store) = losing().await;
    let id = store.started("stopped").await;
    // It is read before, with its parts.
    proxy.lose_after(2);
    assert!(store.stop(&id, JobState::Cancelled, None).await);
    assert_eq!(proxy.lost(), 1);
    assert!(!store.stop(&id, JobState::Failed, Some("late")).await);
    assert_eq!(store.job(&id).await.state, JobState::Cancelled);

    let id = store.started("finished").await;
    let (lease, _) = store.taken(&id, 0, 0, "a").await;
    store.jobs.finish(&lease, &progress(2, 100)).await.unwrap();
    proxy.lose(1);
    assert!(store.finish_job(&id).await);
    assert_eq!(proxy.lost(), 2);
    assert!(!store.finish_job(&id).await);
}

/// Where a file is may be a presigned URL, which is a key to it.
#[tokio::test]
async fn what_a_source_is_cannot_be_read_in_the_table() {
    let dynamo = database().await;
    let store = Store::at(&dynamo.endpoint());
    let id = store.id("sealed");
    let url = "https://example.com/contacts.csv?signature=secret".to_owned();
    let source = Some(FileConfig::parse(url).unwrap());
    let request = ImportRequest { source, ..ImportRequest::full(id.integration().clone()) };
    assert_eq!(store.jobs.start(&id, &request, None).await.unwrap(), Started::New);
    let scan = tables::client(&dynamo.endpoint()).scan().table_name(Table::CONTACTS);
    let stored = format!("{:?}", scan.send().await.unwrap().items);
    assert!(stored.contains("running") && !stored.contains("example.com"), "{stored}");
    assert_eq!(store.job(&id).await.request, request);
    let others = Store::with_key(&dynamo.endpoint(), "another key than the one it was sealed with");
    let found = others.jobs.find(&id).await;
    assert!(matches!(found, Err(JobError::Sealed(_))), "{found:?}");
}
