//! What the platform hears.

use http::Request;
use patchcord::app::{Config, StartError};
use patchcord::bots::Echo;
use patchcord::chat::{BotResult, Context, SendError};
use patchcord::connectors::registry::Connectors;
use serde_json::json;

use crate::config::config;
use crate::function::{Function, post};
use crate::platform::{Mood, Platform};

pub const PATH: &str = "/webhooks/shop/webhook";

/// A configuration with the channel `shop` on `platform`.
pub async fn shop(platform: &Platform, settings: &str) -> Config {
    let platform = platform.clone();
    let connectors = Connectors::built_in().with("platform", move |_| Ok(platform.clone()));
    let yaml = format!("channels: {{shop: {{type: platform, {settings}}}}}");
    config(&yaml, &connectors).await.unwrap()
}

/// The function with that channel, whose bot repeats what it hears.
async fn echo(platform: &Platform) -> Function {
    Function::start(|setup| setup.channel("shop", platform.clone()).bot(Echo)).await
}

#[tokio::test]
async fn the_platforms_handshake_is_answered() {
    let function = echo(&Platform::default()).await;
    for (uri, status, body) in [
        ("/webhooks/shop/webhook?token=right", 200, "challenge"),
        ("/webhooks/shop/webhook?token=wrong", 403, "expected the right token"),
    ] {
        let answer = function.handle(Request::get(uri).body(bytes::Bytes::new()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{uri}");
        assert!(answer.body.contains(body), "{uri}: {}", answer.body);
    }
}

#[tokio::test(start_paused = true)]
async fn it_hears_what_it_wants_to_hear_and_a_bad_part_of_a_batch_stops_no_other() {
    let platform = Platform::default();
    let function = echo(&platform).await;
    let batch = json!([
        {"id": "1", "from": "ada", "text": "one"},
        {"text": "from nobody"},
        {"id": "2", "from": "bot", "text": "an echo"},
        {"id": "3", "from": "bob", "text": "two"},
    ]);
    for _ in 0..2 {
        let answer = function.handle(post(PATH, &batch)).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "thanks"));
    }
    assert_eq!(platform.texts(), ["1: one", "1: two"]);
}

#[tokio::test(start_paused = true)]
async fn platform_only_data_reaches_the_bot() {
    async fn moody(context: Context) -> BotResult {
        let mood = context.event().extensions.get::<Mood>().cloned();
        context.send_text(mood.map_or("none".to_owned(), |mood| mood.0)).await?;
        Ok(())
    }
    let platform = Platform::default();
    let config = shop(&platform, "").await;
    let function = Function::start_with(config, |setup| setup.bot(moody)).await;
    function.handle(post(PATH, &json!([{"from": "ada", "text": "", "mood": "merry"}]))).await;
    assert_eq!(platform.texts(), ["merry"]);
}

#[tokio::test(start_paused = true)]
async fn a_long_text_is_several_messages() {
    let platform = Platform::default();
    let function = echo(&platform).await;
    let text = "a text that is longer than the platform takes";
    function.handle(post(PATH, &json!([{"from": "ada", "text": text}]))).await;
    assert_eq!(platform.texts(), ["1: a text that is", "longer than the", "platform takes"]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_get_through_is_repeated_when_the_platform_wants_it() {
    let platform = Platform::default();
    let function = echo(&platform).await;
    let retry_after = std::time::Duration::from_secs(3);
    platform.refuse(SendError::RateLimited { retry_after });
    platform.refuse(SendError::Failed("down".into()));
    let begun = tokio::time::Instant::now();
    let answer = function.handle(post(PATH, &json!([{"from": "ada", "text": "hi"}]))).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    assert_eq!(platform.texts(), ["1: hi"]);
    assert!(begun.elapsed() >= retry_after, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_queued_channel_needs_a_queue() {
    let config = shop(&Platform::default(), "delivery: queued").await;
    let Err(error) = Function::try_start(config, |setup| setup.bot(Echo)).await else {
        panic!("it starts")
    };
    assert!(matches!(error, StartError::NoQueue { .. }), "{error}");
    assert!(error.to_string().contains("channel shop: expected MESSAGE_QUEUE_URL"), "{error}");
}

#[tokio::test]
async fn a_channel_that_answers_in_the_response_cannot_be_queued() {
    let rest = "channels: {rest: {type: rest, public: true, delivery: queued}}";
    let Err(error) = config(rest, &Connectors::built_in()).await else { panic!("it is taken") };
    assert!(error.to_string().contains("channels.rest.delivery: expected `inline`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_of_a_reply_is_not_said_again() {
    let platform = Platform::default();
    let bot = |context: Context| async move {
        context.send_text("one\n\ntwo\n\nthree").await?;
        BotResult::Ok(())
    };
    let function = Function::start(|setup| setup.channel("shop", platform.clone()).bot(bot)).await;
    platform.take(2);
    platform.refuse(SendError::Failed("down".into()));
    function.handle(post(PATH, &json!([{"from": "ada", "text": ""}]))).await;
    assert_eq!(platform.texts(), ["one", "two", "three"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_batch_tells_twice_is_heard_once_and_what_shares_an_id_is_not_lost() {
    let platform = Platform::default();
    let function = echo(&platform).await;
    let event = |from: &str, text: &str| json!({"id": "1", "from": from, "text": text});
    let batch = json!([event("ada", "a"), event("ada", "a"), event("ada", "b"), event("bob", "a")]);
    function.handle(post(PATH, &batch)).await;
    assert_eq!(platform.texts(), ["1: a", "2: b", "1: a"]);
    function.handle(post(PATH, &json!([event("bob", "a")]))).await;
    assert_eq!(platform.sent().len(), 3, "it is known, whatever came with it before");
}
