//! The platform's side: acknowledged once it is in the queue, whatever the bot does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{Request, StatusCode};
use patchcord_tests::server::FakeServer;
use serde_json::json;

use crate::setup::{Options, PATIENCE, Queued};

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_never_answers_keeps_no_platform_waiting() {
    let bot = FakeServer::rasa(usize::MAX).await;
    let section = format!("{{type: http, url: '{}'}}", bot.url());
    let queued = Queued::start(Options { bot: &section, ..Options::default() }).await;
    let _working = queued.work();
    queued.tell("ada", "one").await;
    bot.received(1).await;
    queued.tell("ada", "two").await;
    queued.tell("bob", "three").await;
    bot.received(2).await; // of bob: the one that waits for ada's answer waits
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_that_is_not_in_the_queue() {
    let Queued { stack, sqs, .. } = Queued::start(Options::default()).await;
    sqs.stop().await;
    let body = json!({ "sender": "ada", "message": "hi" }).to_string();
    let request = Request::post("/webhooks/site/webhook").body(Bytes::from(body)).unwrap();
    let answer = stack.lambda.http(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_answer_ends_in_the_dead_letter_queue_and_the_next_one_is_answered() {
    let bot = FakeServer::start(0, |request| {
        if request.contains("poison") {
            (500, "{}".to_owned())
        } else {
            (200, r#"[{"text": "done"}]"#.to_owned())
        }
    })
    .await;
    let section = format!("{{type: http, url: '{}'}}", bot.url());
    let options = Options { bot: &section, max_receive_count: 1, ..Options::default() };
    let queued = Queued::start(options).await;
    let _working = queued.work();
    queued.tell("ada", "poison").await;
    // In one batch with it, the other one would be received as often as is allowed as well.
    bot.received(1).await;
    queued.tell("ada", "two").await;
    let said = queued.platform.said_when(|said| !said.is_empty()).await;
    assert_eq!(said, [("ada".to_owned(), "done".to_owned())]);
    assert_eq!(queued.dead_letters(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_failed_is_asked_again_soon_and_the_next_message_waits_for_it() {
    let failed = Arc::new(AtomicBool::new(false));
    let bot = FakeServer::start(0, move |request| {
        let text = if request.contains("first") { "first" } else { "second" };
        if text == "first" && !failed.swap(true, Ordering::Relaxed) {
            return (400, "{}".to_owned()); // which the bot does not try again itself
        }
        (200, format!(r#"[{{"text": "{text}"}}]"#))
    })
    .await;
    let section = format!("{{type: http, url: '{}'}}", bot.url());
    // Nothing would come in time if the worker did not see to it.
    let visibility = Some(PATIENCE * 10);
    let options = Options { bot: &section, visibility, ..Options::default() };
    let queued = Queued::start(options).await;
    queued.tell("ada", "first").await;
    queued.tell("ada", "second").await;
    let _working = queued.work();
    let said = queued.platform.said_when(|said| said.len() >= 2).await;
    let texts: Vec<_> = said.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["first", "second"]);
}
