//! The dispatcher: what a client of the webhook function sees of claim, run and commit.
//! Time is paused: it moves on only when everybody waits.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod batches;
#[path = "../support"]
mod support {
    pub mod batch;
    pub mod function;
    pub mod rest;
}

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use patchcord::chat::{Bot, BotError, BotResult, Context};
use serde_json::{Value, json};
use support::function::{Answer, Function, piece, post};
use support::rest::{self, streamed};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

/// The time an invocation has. What bots take here is measured by it.
const INVOCATION: Duration = Duration::from_secs(10);

async fn rest(bot: impl Bot) -> Function {
    let mut function = rest::rest(bot).await;
    function.invocation = INVOCATION;
    function
}

/// Does what it is told, and says how often it was called in this conversation.
async fn obedient(context: Context) -> BotResult {
    let count = context.state_field::<u64>("count").unwrap_or_default() + 1;
    context.set_state(json!({"count": count}))?;
    context.send_text(count.to_string()).await?;
    match context.event().text().unwrap_or_default() {
        "fail" => Err("as told".into()),
        "panic" => panic!("as told"),
        "hang" => std::future::pending().await,
        "grow" => Ok(context.set_state(json!({"ballast": "x".repeat(400 * 1024)}))?),
        "slow" => pause(1).await,
        "slower" => pause(8).await,
        _ => Ok(()),
    }
}

async fn pause(seconds: u64) -> BotResult {
    sleep(Duration::from_secs(seconds)).await;
    Ok(())
}

fn with_id(text: &str, id: &str) -> Value {
    json!({"sender": "ada", "message": text, "message_id": id})
}

async fn say_with_id(function: &Function, text: &str, id: &str) -> Answer {
    function.handle(post("/webhooks/rest/webhook", &with_id(text, id))).await
}

#[tokio::test(start_paused = true)]
async fn the_same_message_is_answered_once() {
    let runs = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&runs);
    let function = rest(move |context: Context| {
        let run = counted.fetch_add(1, Ordering::Relaxed) + 1;
        async move {
            context.send_text(format!("run {run}")).await?;
            Ok::<_, BotError>(())
        }
    })
    .await;
    let first = say_with_id(&function, "hi", "m1").await;
    assert_eq!((first.texts(), first.header("patchcord-duplicate")), (vec!["run 1".into()], ""));
    let again = say_with_id(&function, "hi", "m1").await;
    assert_eq!((again.json(), again.header("patchcord-duplicate")), (first.json(), "repeated"));
    let other = say_with_id(&function, "hi", "m2").await;
    assert_eq!((other.texts(), other.header("patchcord-duplicate")), (vec!["run 2".into()], ""));
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_message_without_an_id_is_answered_each_time() {
    let function = rest(obedient).await;
    for expected in ["1", "2"] {
        assert_eq!(function.say("hi").await.texts(), [expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_keeps_what_was_said_and_drops_the_state() {
    for (told, failure, takes) in [
        ("fail", "bot-failed", Duration::ZERO),
        ("panic", "bot-failed", Duration::ZERO),
        ("hang", "timed-out", Duration::from_secs(9)), // a tenth is kept back for saving
        ("grow", "state-too-large", Duration::ZERO),
    ] {
        let function = rest(obedient).await;
        assert_eq!(function.say("hi").await.texts(), ["1"]);
        let start = Instant::now();
        let failed = say_with_id(&function, told, "m1").await;
        assert_eq!(failed.status.as_u16(), 200, "{told}");
        assert_eq!(failed.header("patchcord-failure"), failure, "{told}");
        assert_eq!(failed.texts(), ["2"], "{told}");
        assert!(start.elapsed() >= takes && start.elapsed() < INVOCATION, "{told}");
        let again = say_with_id(&function, told, "m1").await;
        assert_eq!(again.header("patchcord-failure"), failure, "{told}: the same answer again");
        assert_eq!(again.header("patchcord-duplicate"), "repeated", "{told}");
        let after = function.say("hi").await;
        assert_eq!(after.texts(), ["2"], "{told}: the state is that of before");
        assert_eq!(after.header("patchcord-failure"), "", "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_session_is_waited_for() {
    let function = rest(obedient).await;
    let (first, second) = tokio::join!(function.say("slow"), function.say("hi"));
    assert_eq!((first.texts(), second.texts()), (vec!["1".to_owned()], vec!["2".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_stays_busy_is_a_503() {
    let function = rest(obedient).await;
    let start = Instant::now();
    let busy = async {
        let answer = function.say("hi").await;
        (answer, start.elapsed())
    };
    let (first, (second, waited)) = tokio::join!(function.say("slower"), busy);
    assert_eq!(first.texts(), ["1"]);
    assert_eq!(second.status.as_u16(), 503);
    assert_eq!(second.header("content-type"), "application/problem+json");
    // Half of the time, less a last pause that would not fit.
    let half = INVOCATION / 2;
    let patience = half.saturating_sub(Duration::from_millis(400))..=half;
    assert!(patience.contains(&waited), "{waited:?}");
    let retry_after: u64 = second.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&retry_after), "{retry_after}");
    assert_eq!(function.say("hi").await.texts(), ["2"], "nothing was answered meanwhile");
}

#[tokio::test(start_paused = true)]
async fn others_do_not_wait_for_a_busy_session() {
    let function = rest(obedient).await;
    let start = Instant::now();
    let bob = async {
        let body = json!({"sender": "bob", "message": "hi"});
        let answer = function.handle(post("/webhooks/rest/webhook", &body)).await;
        (answer.texts(), start.elapsed())
    };
    let (_, bob) = tokio::join!(function.say("slow"), bob);
    assert_eq!(bob, (vec!["1".to_owned()], Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_stream_gives_each_reply_as_it_is_said_and_ends_when_the_bot_fails() {
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let function = rest(move |context: Context| {
        let gate = Arc::clone(&waiting);
        async move {
            for word in ["one", "two"] {
                context.send_text(word).await?;
                gate.acquire().await?.forget(); // goes on once the test has read it
            }
            tokio::spawn(async move {
                std::future::pending::<()>().await;
                drop(context);
            });
            Err::<(), BotError>("as told".into())
        }
    })
    .await;
    let response = function.webhook.handle(streamed("hi"), function.deadline()).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    for word in ["one", "two"] {
        let line = format!("{}\n", json!({"recipient_id": "ada", "text": word}));
        assert_eq!(piece(&mut body).await.unwrap(), line);
        gate.add_permits(1);
    }
    assert_eq!(piece(&mut body).await, None, "also while somebody keeps the context");
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_the_bot_panics_or_hangs() {
    for told in ["panic", "hang"] {
        let function = rest(obedient).await;
        let answer = function.handle(streamed(told)).await;
        let line = format!("{}\n", json!({"recipient_id": "ada", "text": "1"}));
        assert_eq!((answer.status.as_u16(), answer.body), (200, line), "{told}");
    }
}
