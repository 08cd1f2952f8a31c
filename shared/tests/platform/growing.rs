//! Replies that grow.

use std::time::Duration;

use patchcord::chat::{BotResult, Context, Reply, SendError};
use serde_json::json;
use tokio::time::sleep;

use crate::function::{Function, post};
use crate::platform::Platform;
use crate::webhook::{PATH, shop};

/// Says these pieces, with a pause after each.
async fn grow(platform: &Platform, pieces: &'static [(&'static str, u64)]) {
    let bot = move |context: Context| async move {
        let mut growing = context.grow();
        for (piece, milliseconds) in pieces {
            growing.push(piece).await?;
            sleep(Duration::from_millis(*milliseconds)).await;
        }
        growing.finish().await?;
        BotResult::Ok(())
    };
    let function = Function::start_with(shop(platform, "").await, |setup| setup.bot(bot)).await;
    let answer = function.handle(post(PATH, &json!([{"from": "ada", "text": ""}]))).await;
    assert_eq!(answer.header("patchcord-failure"), "");
}

fn edit(message_id: &str, text: &str) -> Reply {
    let (message_id, text) = (message_id.to_owned(), text.to_owned());
    Reply::Edit { message_id, text, buttons: Vec::new() }
}

fn replies(platform: &Platform) -> Vec<Reply> {
    platform.sent().into_iter().map(|(_, reply)| reply).collect()
}

#[tokio::test(start_paused = true)]
async fn it_is_shown_at_once_and_changed_once_a_second() {
    let platform = Platform::default();
    let pieces = &[("one ", 400), ("two ", 400), ("three ", 400), ("four ", 10), ("five", 10)];
    grow(&platform, pieces).await;
    let expected = [Reply::text("one"), edit("m1", "one two three four"), Reply::text("five")];
    assert_eq!(replies(&platform), expected);
}

#[tokio::test(start_paused = true)]
async fn what_becomes_too_long_goes_on_in_another_message() {
    let platform = Platform::default();
    grow(&platform, &[("0123456789 ", 1000), ("0123456789 ", 1000), ("end", 0)]).await;
    let expected =
        [Reply::text("0123456789"), Reply::text("0123456789"), edit("m2", "0123456789 end")];
    assert_eq!(replies(&platform), expected);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_asks_to_slow_down_gets_the_end_all_the_same() {
    let platform = Platform::default();
    platform.refuse(SendError::RateLimited { retry_after: Duration::from_secs(3) });
    grow(&platform, &[("one ", 1000), ("two ", 1000), ("three", 0)]).await;
    assert_eq!(replies(&platform), [Reply::text("one two three")]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_where_there_is_nothing_to_say() {
    let platform = Platform::default();
    grow(&platform, &[("", 0), (" ", 0)]).await;
    assert_eq!(replies(&platform), []);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_changed_is_not_said_again() {
    let platform = Platform::default();
    platform.has_no_ids();
    grow(&platform, &[("one ", 2000), ("two ", 2000), ("three", 0)]).await;
    assert_eq!(replies(&platform), [Reply::text("one"), Reply::text("two three")]);
}

#[tokio::test(start_paused = true)]
async fn to_whoever_is_gone_nothing_more_is_said() {
    let platform = Platform::default();
    for _ in 0..2 {
        platform.refuse(SendError::Unreachable { reason: "blocked".to_owned() });
    }
    grow(&platform, &[("one ", 2000), ("two ", 2000)]).await;
    assert_eq!(replies(&platform), []);
}
