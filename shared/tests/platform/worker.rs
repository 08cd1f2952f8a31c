//! The worker: batches of the queue, handed over as Lambda does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use patchcord::app::{Setup, Worker};
use patchcord::bots::http::HttpBotError;
use patchcord::chat::sessions::MemorySessions;
use patchcord::chat::{Bot, BotError, BotResult, Context, Event, EventKind, Message, SendError};
use patchcord::connectors::slack::SlackError;
use patchcord::ground::clock::{Clock as _, Deadline, SystemClock};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::function::INVOCATION;
use crate::platform::{Mood, Platform};
use crate::webhook::shop;

async fn worker(platform: &Platform, bot: impl Bot) -> Worker {
    let clock = Arc::new(SystemClock);
    let sessions = Arc::new(MemorySessions::new(clock.clone()));
    let setup = Setup::new(shop(platform, "").await, sessions, clock);
    setup.bot(bot).worker().await.unwrap()
}

/// A message of the queue: `from` wrote `text`.
pub fn message(id: &str, from: &str, text: &str) -> Value {
    let kind = EventKind::Message(Message::Text(text.to_owned()));
    let mut event = Event::new("platform", from, kind, json!({"mood": "merry"}));
    event.id = Some(id.to_owned());
    "shop".clone_into(&mut event.channel);
    record(id, from, &serde_json::to_string(&event).unwrap())
}

fn record(id: &str, group: &str, body: &str) -> Value {
    let attributes = json!({"MessageGroupId": group, "ApproximateReceiveCount": "1"});
    json!({"messageId": id, "body": body, "receiptHandle": id, "attributes": attributes})
}

/// Lets the worker answer, and returns the messages that are to come again.
pub async fn work(worker: &Worker, records: &[Value]) -> Vec<String> {
    let deadline = Deadline::after(INVOCATION, SystemClock.now());
    let answer = worker.handle(json!({"Records": records}), deadline).await.unwrap();
    answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

/// Says what it hears, and fails where it is told to.
pub async fn obedient(context: Context) -> BotResult {
    let text = context.event().text().unwrap_or_default().to_owned();
    if text == "fail first" {
        return Err("as told".into());
    }
    assert_eq!(context.event().extensions.get(), Some(&Mood("merry".to_owned())));
    context.send_text(text.as_str()).await?;
    if text == "fail after" { Err("as told".into()) } else { Ok(()) }
}

#[tokio::test]
async fn each_message_is_answered_once_and_in_order() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    let batch =
        [message("1", "ada", "one"), message("2", "ada", "two"), message("3", "ada", "three")];
    for _ in 0..2 {
        assert!(work(&worker, &batch).await.is_empty());
    }
    assert_eq!(platform.texts(), ["one", "two", "three"]);
}

#[tokio::test]
async fn after_a_failure_the_rest_of_the_conversation_waits_and_others_go_on() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    let batch = [
        message("1", "ada", "one"),
        message("2", "ada", "fail first"),
        message("3", "bob", "two"),
        message("4", "ada", "three"),
        record("5", "eve", "no event"),
        message("6", "eve", "four"),
        message("7", "bob", "five"),
    ];
    assert_eq!(work(&worker, &batch).await, ["2", "4", "5", "6"]);
    let mut texts = platform.texts();
    texts.sort_unstable();
    assert_eq!(texts, ["five", "one", "two"]);
}

#[tokio::test]
async fn a_connector_that_panics_holds_up_one_conversation_only() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    let [mut mad, next, other] =
        [message("1", "ada", "one"), message("2", "ada", "two"), message("3", "bob", "three")];
    mad["body"] = mad["body"].as_str().unwrap().replace("merry", "mad").into();
    assert_eq!(work(&worker, &[mad, next, other]).await, ["1", "2"]);
    assert_eq!(platform.texts(), ["three"]);
}

#[tokio::test]
async fn a_bot_that_has_said_something_is_not_asked_again() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    let batch = [message("1", "ada", "fail after"), message("2", "ada", "two")];
    for _ in 0..2 {
        assert!(work(&worker, &batch).await.is_empty());
    }
    assert_eq!(platform.texts(), ["fail after", "two"]);
}

#[tokio::test]
async fn a_bot_that_failed_before_is_asked_again_and_finds_the_session_as_it_was() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let bot = move |context: Context| {
        let call = counted.fetch_add(1, Ordering::Relaxed);
        async move {
            let before = context.state_field::<u32>("calls").unwrap_or_default();
            context.set_state(json!({"calls": before + 1}))?;
            if call == 0 {
                return Err(BotError::from("the first time"));
            }
            context.send_text(before.to_string()).await?;
            Ok(())
        }
    };
    let platform = Platform::default();
    let worker = worker(&platform, bot).await;
    assert_eq!(work(&worker, &[message("1", "ada", "hi")]).await, ["1"]);
    assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
    assert_eq!(platform.texts(), ["0"]);
}

#[tokio::test]
async fn what_the_platform_never_takes_does_not_come_again() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    platform.refuse(SendError::Refused { reason: "bad_markup".to_owned() });
    assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
    platform.refuse(SendError::Unreachable { reason: "blocked".to_owned() });
    assert!(work(&worker, &[message("2", "ada", "hi")]).await.is_empty());
    assert!(platform.sent().is_empty());
    platform.refuse(SendError::Failed("down".into()));
    assert!(work(&worker, &[message("3", "ada", "hi")]).await.is_empty());
    assert_eq!(platform.texts(), ["hi"]);
}

#[tokio::test]
async fn what_the_platform_never_takes_is_known_behind_the_errors_of_bots() {
    let wraps: [fn(SendError) -> BotError; 2] =
        [|error| HttpBotError::from(error).into(), |error| SlackError::from(error).into()];
    for wrap in wraps {
        let bot = move |_: Context| async move {
            BotResult::Err(wrap(SendError::Refused { reason: "bad_markup".to_owned() }))
        };
        let worker = worker(&Platform::default(), bot).await;
        assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_said_in_part_does_not_come_again() {
    let bot = |context: Context| async move {
        context.send_text("one\n\ntwo").await?;
        BotResult::Ok(())
    };
    let platform = Platform::default();
    let worker = worker(&platform, bot).await;
    platform.take(1);
    for _ in 0..4 {
        platform.refuse(SendError::Failed("down".into()));
    }
    assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
    assert_eq!(platform.texts(), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_said_in_part_when_the_time_was_over_does_not_come_again() {
    let bot = |context: Context| async move {
        timeout(Duration::from_secs(1), context.send_text("one\n\nhang")).await??;
        BotResult::Ok(())
    };
    let platform = Platform::default();
    let worker = worker(&platform, bot).await;
    assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
    assert_eq!(platform.texts(), ["one"]);
}

#[tokio::test]
async fn what_was_said_by_other_means_does_not_come_again() {
    let bot = |context: Context| async move {
        context.note_said();
        BotResult::Err("as told".into())
    };
    let worker = worker(&Platform::default(), bot).await;
    assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
}

#[tokio::test]
async fn what_somebody_may_mend_comes_again() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    platform.refuse(SendError::Unavailable { reason: "invalid_auth".to_owned() });
    assert_eq!(work(&worker, &[message("1", "ada", "hi")]).await, ["1"]);
    assert!(work(&worker, &[message("1", "ada", "hi")]).await.is_empty());
    assert_eq!(platform.texts(), ["hi"]);
}

#[tokio::test]
async fn what_is_nested_as_deep_as_a_request_may_be_is_answered() {
    let platform = Platform::default();
    let worker = worker(&platform, obedient).await;
    let body = message("1", "ada", "hi")["body"].as_str().unwrap().to_owned();
    let deep = format!(r#""mood":"merry","deep":{}{}"#, "[".repeat(126), "]".repeat(126));
    let body = body.replace(r#""mood":"merry""#, &deep);
    assert!(work(&worker, &[record("1", "ada", &body)]).await.is_empty());
    assert_eq!(platform.texts(), ["hi"]);
}

#[tokio::test(start_paused = true)]
async fn conversations_go_on_side_by_side() {
    let bot = |context: Context| async move {
        sleep(Duration::from_secs(5)).await;
        context.send_text("done").await?;
        BotResult::Ok(())
    };
    let platform = Platform::default();
    let worker = worker(&platform, bot).await;
    let people = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let batch = people.map(|person| message(person, person, "hi"));
    let begun = tokio::time::Instant::now();
    assert!(work(&worker, &batch).await.is_empty());
    assert_eq!(platform.texts().len(), 10);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
}
