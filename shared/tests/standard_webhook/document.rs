//! What `docs/standard-webhook.md` shows is understood and works.

use patchcord::bots::Echo;
use serde_json::Value;

use super::*;
use crate::support::document::shows;

const DOCUMENT: &str = include_str!("../../../docs/standard-webhook.md");

/// The block that begins with `fence`.
fn block(fence: &str) -> &'static str {
    let block = DOCUMENT.split(&format!("```{fence}\n")).nth(1).unwrap();
    block.split("```").next().unwrap()
}

async fn crm(bot: impl Bot) -> Crm {
    let receiver = Receiver::start(Demands { token: None, key: Some(key("channel")) }).await;
    let yaml = block("yaml settings").replace("${ssm:/patchcord/crm-key}", &key("channel"));
    assert!(config(&yaml, Stage::Deployed).await.is_ok());
    let url = format!("url: {}\n       delivery: inline", receiver.url);
    let yaml = yaml.replace("url: https://crm.example.com/hooks/replies", &url);
    let config = config(&yaml, Stage::Local).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW)));
    let function = Function::try_start_at(clock, config, |setup| setup.bot(bot)).await.unwrap();
    Crm { function, receiver }
}

#[tokio::test]
async fn its_event_is_answered_as_it_shows() {
    let crm = crm(Echo).await;
    let sent = signed("document");
    let event = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(event(&sent.body), event(block("json event")), "the signature is of another event");
    assert_eq!(crm.ask(&sent).await.status.as_u16(), 200);
    assert_eq!(crm.receiver.take_posts()[0].json(), event(block("json reply")));
}

#[tokio::test]
async fn its_bot_knows_the_type() {
    shows(DOCUMENT, "bot.rs", include_str!("bot.rs"));
    let crm = crm(crate::bot::bot).await;
    assert_eq!(crm.ask(&signed("document")).await.status.as_u16(), 200);
    let said = &crm.receiver.take_posts()[0].json()["data"]["text"];
    assert_eq!(said, "You said Where is my order?, I was told by conversation.message_created.");
}
