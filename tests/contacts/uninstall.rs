//! Uninstalling an integration with many pairs, killed in the middle.

use std::fs::read_to_string;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use patchcord::botmatic::{BotmaticId, IntegrationId};
use patchcord::contacts::ExternalId;
use patchcord::contacts::pairs::{DynamoPairs, PairStore as _};
use patchcord::ground::clock::SystemClock;
use patchcord_local::runtime_api::Lambda;
use patchcord_local::standins::{BotmaticStandin, StandinOptions};
use patchcord_local::tables::{self, Table};
use patchcord_tests::Stack;
use patchcord_tests::binaries;
use patchcord_tests::contacts::TOKEN;
use patchcord_tests::faults::LosingProxy;
use patchcord_tests::request::{JsonAnswer, post, send};
use patchcord_tests::stack::StackOptions;
use patchcord_tests::wait::until;
use serde_json::json;

const CONFIG: &str = "botmatic: {encryption_keys: 'a key that is only for these tests, and long'}";
/// So many answers of DynamoDB an uninstallation gets before it is killed: enough for some of the
/// pairs, and for few of them.
const ANSWERS: usize = 60;
/// What deleting pairs may add to what a function takes anyway, however many there are.
const GROWTH_KB: u64 = 2 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn an_uninstall_that_is_killed_is_finished_by_the_next_one() {
    uninstall(6_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: `make soak` runs it"]
async fn an_uninstall_of_100_000_pairs_that_is_killed_is_finished_by_the_next_one() {
    uninstall(100_000).await;
}

async fn uninstall(count: usize) {
    let botmatic = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    let options = || StackOptions {
        binary: binaries::botmatic,
        config: CONFIG,
        timeout: Duration::from_mins(5),
        env: vec![("BOTMATIC_BASE_URL", botmatic.endpoint())],
        ..StackOptions::default()
    };
    let stack = Stack::start(options()).await;
    let installed = event(&stack.lambda, "install").await;
    let integration = installed.body["data"]["integration"].as_str().unwrap().to_owned();
    let integration = &IntegrationId::try_from(integration).unwrap();
    let client = tables::functions_client(&stack.dynamo.endpoint()).unwrap();
    let clock = std::sync::Arc::new(SystemClock);
    let pairs = &DynamoPairs::new(client, Table::CONTACTS.to_owned(), clock);
    let save = |number: usize| async move {
        let (botmatic, external) = (botmatic_id(number), external(number));
        pairs.save_ids(integration, &botmatic, &external).await.unwrap();
    };
    stream::iter(0..count).for_each_concurrent(16, save).await;

    // Killed once some pairs are gone, while most are there: it does not hear any more of DynamoDB.
    let upstream = stack.dynamo.endpoint().strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = LosingProxy::start(upstream).await;
    let mut interrupted = options();
    interrupted.env.push(("DYNAMODB_ENDPOINT", proxy.endpoint()));
    let interrupted = stack.beside(interrupted).await;
    // So that it has called both services.
    assert_eq!(event(&interrupted, "install").await.status, 200);
    proxy.hold_after(ANSWERS);
    let all = scan(&stack).await;
    let before = peak_kb(&interrupted);
    let (killed, growth) = tokio::join!(interrupted.http(request("uninstall")), async {
        until(|| proxy.held() > 0).await;
        let growth = peak_kb(&interrupted) - before;
        interrupted.kill_one().await.expect("an instance to kill");
        growth
    });
    assert!(killed.is_err(), "it was finished before it was killed");
    let left = scan(&stack).await;
    assert!((all / 2..all - 100).contains(&left), "{left} of {all} items are left");

    // The other instance, which has called them, too.
    let peak = || peak_kb(&stack.lambda);
    assert_eq!(event(&stack.lambda, "install").await.status, 503, "it is being uninstalled");
    let before = peak();
    let answer = event(&stack.lambda, "uninstall").await;
    assert_eq!((answer.status.as_u16(), &answer.body["success"]), (200, &json!(true)));
    assert_eq!(scan(&stack).await, 0, "pairs, settings and token are gone");
    for (name, growth) in [("killed", growth), ("finished", peak() - before)] {
        println!("{count} pairs, {name}: {growth} KB more");
        assert!(growth < GROWTH_KB, "{name}: {growth} KB more");
    }
}

fn botmatic_id(number: usize) -> BotmaticId {
    BotmaticId::new(number.to_string()).unwrap()
}

fn external(number: usize) -> ExternalId {
    ExternalId::new(format!("c-{number}")).unwrap()
}

fn request(name: &str) -> http::Request<bytes::Bytes> {
    let mut request = post("/botmatic", &json!({ "event": name }));
    let token = HeaderValue::try_from(format!("Bearer {TOKEN}")).unwrap();
    request.headers_mut().insert("authorization", token);
    request
}

async fn event(lambda: &Lambda, name: &str) -> JsonAnswer {
    send(lambda, request(name)).await
}

/// How many items the table has.
async fn scan(stack: &Stack) -> usize {
    let client = tables::client(&stack.dynamo.endpoint());
    let mut pages = client
        .scan()
        .table_name(Table::CONTACTS)
        .select(aws_sdk_dynamodb::types::Select::Count)
        .into_paginator()
        .send();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        count += usize::try_from(page.unwrap().count).unwrap();
    }
    count
}

/// The most memory the one instance has had.
fn peak_kb(lambda: &Lambda) -> u64 {
    let [(_, pid)] = lambda.instance_pids()[..] else { panic!("expected one instance") };
    let status = read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
