//! Many clients, several instances of the function: order, mutual exclusion, nothing lost.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use patchcord_tests::Stack;
use patchcord_tests::request::{message, only_text, send};
use patchcord_tests::stack::StackOptions;

const CLIENTS: usize = 32;
const MESSAGES: usize = 200;
const INSTANCES: usize = 4;

/// Every client sends its messages one after the other; `sender` says to which session. The
/// counters of the replies, by session.
async fn storm(sender: fn(usize, usize) -> String) -> BTreeMap<String, Vec<usize>> {
    // A session is waited for in half of it, however many are in front.
    let timeout = Duration::from_mins(5);
    let options = StackOptions { instances: INSTANCES, timeout, ..StackOptions::default() };
    let stack = Arc::new(Stack::start(options).await);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let stack = Arc::clone(&stack);
            tokio::spawn(async move {
                let mut counters = Vec::new();
                for number in 0..MESSAGES {
                    let sender = sender(client, number);
                    let text = format!("{client}-{number}");
                    let reply = only_text(&send(&stack.lambda, message(&sender, &text)).await);
                    let (counter, echoed) = reply.split_once(": ").unwrap();
                    assert_eq!(echoed, text);
                    counters.push((sender, counter.parse::<usize>().unwrap()));
                }
                counters
            })
        })
        .collect();
    let mut by_session = BTreeMap::<String, Vec<usize>>::new();
    for client in clients {
        for (sender, counter) in client.await.unwrap() {
            by_session.entry(sender).or_default().push(counter);
        }
    }
    assert_eq!(
        stack.lambda.instances_started(),
        INSTANCES as u64,
        "an instance had to be replaced"
    );
    by_session
}

fn assert_counts_up(session: &str, counters: &[usize]) {
    let distinct: BTreeSet<_> = counters.iter().copied().collect();
    let expected: BTreeSet<_> = (1..=counters.len()).collect();
    assert_eq!(distinct, expected, "session {session}");
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_clients_on_one_session_lose_nothing() {
    let by_session = storm(|_, _| "everybody".to_owned()).await;
    assert_eq!(by_session["everybody"].len(), CLIENTS * MESSAGES);
    assert_counts_up("everybody", &by_session["everybody"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_clients_over_five_hundred_sessions_lose_nothing() {
    let by_session =
        storm(|client, number| format!("user-{}", (client * 31 + number * 7) % 500)).await;
    assert_eq!(by_session.len(), 500);
    assert_eq!(by_session.values().map(Vec::len).sum::<usize>(), CLIENTS * MESSAGES);
    for (session, counters) in &by_session {
        assert_counts_up(session, counters);
    }
}
