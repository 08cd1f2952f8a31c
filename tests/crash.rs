//! A function that is killed between claim and commit loses nothing.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::time::Duration;

use http::StatusCode;
use patchcord_tests::Stack;
use patchcord_tests::request::{message_with_id, only_text, send};
use patchcord_tests::server::FakeServer;
use patchcord_tests::stack::StackOptions;
use patchcord_tests::wait::in_time;

/// The function's, half of which it waits for a session. Another process has to start, and to wait
/// that long, before the lease ends: half of this is left for a machine that has too much to do.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A second more, for clocks that differ.
const LEASE: Duration = Duration::from_secs(31);

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_killed_function_is_answered_by_the_retry_after_the_lease() {
    let rasa = FakeServer::rasa(1).await;
    let config =
        format!("channels: {{rest: {{type: rest}}}}\nbot: {{type: http, url: '{}'}}", rasa.url());
    let stack = StackOptions { config: &config, timeout: TIMEOUT, ..StackOptions::default() };
    let stack = Stack::start(stack).await;
    let killed = {
        let first = stack.lambda.http(message_with_id("ada", "hello", "m1"));
        let kill = async {
            // The bot has the message, so the session is claimed; it will never be committed.
            rasa.received(1).await;
            stack.lambda.kill_one().await.expect("an instance to kill");
        };
        tokio::join!(first, kill).0
    };
    assert!(killed.is_err(), "expected the first invocation to end with its process");

    // Another process, the same message: as long as the lease lasts it may still be in work.
    let busy = send(&stack.lambda, message_with_id("ada", "hello", "m1")).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE, "{}", busy.body);
    let retry_after: u64 = busy.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=LEASE.as_secs()).contains(&retry_after), "retry after {retry_after} s");
    assert_eq!(rasa.requests(), 1, "the message is with one bot only");

    // A sender that tries again gets its answer.
    let answer = in_time(async {
        loop {
            let answer = send(&stack.lambda, message_with_id("ada", "hello", "m1")).await;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                return answer;
            }
        }
    })
    .await;
    assert_eq!(only_text(&answer), "done");
    assert_eq!(rasa.requests(), 2);
    let again = send(&stack.lambda, message_with_id("ada", "hello", "m1")).await;
    assert_eq!(again.header("patchcord-duplicate"), Some("repeated"));
    assert_eq!(rasa.requests(), 2, "an answered message does not reach the bot again");
}
