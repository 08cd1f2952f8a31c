//! What only Telegram has is something said: if the bot fails afterwards, it is not asked again.

use std::any::Any;

use patchcord::chat::{BotResult, Context, Reply, SendError};
use patchcord::connectors::telegram::{TelegramConnector, TelegramContext as _};
use serde_json::{Value, json};

use super::fake::{Telegram, USER};
use super::harness::{configured, settings, text, update};
use super::support::worker::answer_later;

async fn call(update: &str, context: &Context) -> Result<(), SendError> {
    match update {
        "message" => {
            let picture = || Reply::Image(patchcord::chat::Media::url("https://e.com/c.png"));
            context.send_album(&[picture(), picture()]).await.map(drop)
        }
        "callback_query" => context.answer_callback("Done", false).await,
        _ => context.answer_inline_query(Vec::new(), Value::Null).await,
    }
}

#[tokio::test]
async fn a_bot_that_fails_after_it_is_not_asked_again() {
    let telegram = Telegram::start().await;
    let from = json!({"id": USER, "is_bot": false, "first_name": "Ada"});
    let pressed = json!({"id": "q1", "from": from, "chat_instance": "1", "data": "yes"});
    let asked = json!({"id": "i1", "from": from, "query": "cats", "offset": ""});
    for (kind, body) in [
        ("message", text(1, "go")),
        ("callback_query", json!({"update_id": 2, "callback_query": pressed})),
        ("inline_query", json!({"update_id": 3, "inline_query": asked})),
    ] {
        let config = configured(&settings(&telegram, "")).await.unwrap();
        let connector: &dyn Any = config.channels["telegram"].connector.as_ref();
        let connector: &TelegramConnector = connector.downcast_ref().unwrap();
        let bot = move |context: Context| async move {
            call(kind, &context).await?;
            BotResult::Err("as told".into())
        };
        answer_later("telegram", connector.clone(), &update(&body), bot).await;
    }
}
