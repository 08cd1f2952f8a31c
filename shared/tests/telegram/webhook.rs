//! The webhook, and the methods that only Telegram has.

use std::any::Any;
use std::sync::Arc;

use patchcord::chat::{BotResult, Context, Media, Reply};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::connectors::rest::RestConnector;
use patchcord::connectors::telegram::{TelegramConnector, TelegramContext as _};
use patchcord::ground::http::client;
use serde_json::{Value, json};

use super::fake::{TOKEN, Telegram, USER};
use super::harness::{
    Outcomes, SECRET, configured, function, function_with, note, settings, text, update,
};
use super::support::function::{Function, post};

async fn connector(telegram: &Telegram, more: &str) -> TelegramConnector {
    let config = configured(&settings(telegram, more)).await.unwrap();
    let connector: &dyn Any = config.channels["telegram"].connector.as_ref();
    connector.downcast_ref::<TelegramConnector>().unwrap().clone()
}

const URL: &str = "https://example.lambda-url.eu-west-1.on.aws/webhooks/telegram/webhook";

#[tokio::test]
async fn the_webhook_has_the_channels_secret_and_kinds() {
    let telegram = Telegram::start().await;
    let ours = connector(&telegram, ", allowed_updates: [message, chat_member]").await;
    ours.set_webhook(URL, true).await.unwrap();
    let expected = json!({
        "url": URL, "secret_token": SECRET, "allowed_updates": ["message", "chat_member"],
        "drop_pending_updates": true,
    });
    assert_eq!(telegram.methods(), [("setWebhook".to_owned(), expected)]);
    let info = ours.webhook_info().await.unwrap();
    assert_eq!((&*info.url, info.pending_update_count), (URL, 2));
    let kinds = vec!["message".to_owned(), "chat_member".to_owned()];
    assert_eq!(info.allowed_updates, Some(kinds));
    assert!(info.last_error_message.unwrap().starts_with("Wrong response"));
    ours.delete_webhook().await.unwrap();
    assert_eq!(ours.webhook_info().await.unwrap().url, "");
    connector(&telegram, "").await.set_webhook(URL, false).await.unwrap();
    let kinds = telegram.asked().last().unwrap().params["allowed_updates"].clone();
    let has = |kind: &str| kinds.as_array().unwrap().iter().any(|it| it == kind);
    assert!(has("callback_query") && has("message_reaction") && !has("chat_member"), "{kinds}");
}

#[tokio::test]
async fn an_address_that_telegram_refuses_is_an_error_without_the_token() {
    let telegram = Telegram::start().await;
    let error =
        connector(&telegram, "").await.set_webhook("http://e.com", false).await.unwrap_err();
    let expected = "the platform refuses it: Bad Request: bad webhook: An HTTPS URL must be \
                    provided for webhook";
    assert_eq!(error.to_string(), expected);
    let mut nowhere = settings(&telegram, "");
    nowhere = nowhere.replace(&telegram.url, "http://127.0.0.1:1");
    let config = configured(&nowhere).await.unwrap();
    let ours: &dyn Any = config.channels["telegram"].connector.as_ref();
    let ours = ours.downcast_ref::<TelegramConnector>().unwrap();
    let error = format!("{:?}", ours.webhook_info().await.unwrap_err());
    assert!(!error.contains(TOKEN) && !error.contains("ABC-DEF"), "{error}");
}

#[tokio::test]
async fn the_apis_address_may_end_with_a_slash() {
    let telegram = Telegram::start().await;
    let settings = settings(&telegram, "").replace(&telegram.url, &format!("{}/", telegram.url));
    let config = configured(&settings).await.unwrap();
    let ours: &dyn Any = config.channels["telegram"].connector.as_ref();
    let ours = ours.downcast_ref::<TelegramConnector>().unwrap();
    assert_eq!(ours.webhook_info().await.unwrap().url, "");
}

#[tokio::test]
async fn a_bot_calls_what_only_telegram_has() {
    async fn bot(context: Context) -> BotResult {
        let picture = || Reply::Image(Media::url("https://e.com/c.png"));
        let upload = Reply::Image(Media::data("c.png", "image/png", "bytes"));
        let sent = context.send_album(&[picture(), upload]).await?;
        assert_eq!(sent.message_id.as_deref(), Some("2"));
        let dice = context.telegram("sendDice", json!({ "chat_id": USER })).await?;
        assert_eq!(dice["message_id"], 3);
        Ok(())
    }
    let telegram = Telegram::start().await;
    let answer = function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    assert_eq!(telegram.texts(USER), ["album", "album", "dice"]);
}

#[tokio::test]
async fn queries_are_answered_by_their_ids() {
    let telegram = Telegram::start().await;
    let outcomes = Outcomes::default();
    let noted = Arc::clone(&outcomes);
    let bot = move |context: Context| {
        let outcomes = Arc::clone(&noted);
        async move {
            let article = json!({ "type": "article", "id": "1", "title": "Red shoes",
                "input_message_content": { "message_text": "Red shoes" } });
            let options = json!({ "cache_time": 0 });
            let inline = context.answer_inline_query(vec![article], options).await;
            note(&outcomes, inline.map(|()| "inline".to_owned()));
            let button = context.answer_callback("Saved", true).await;
            note(&outcomes, button.map(|()| "button".to_owned()));
            BotResult::Ok(())
        }
    };
    let function = function_with(&telegram, ", answer_callback_queries: false", bot).await;
    let from = json!({ "id": USER, "first_name": "Test" });
    let query = json!({ "id": "5", "from": from, "query": "shoes", "offset": "" });
    function.handle(update(&json!({ "update_id": 1, "inline_query": query }))).await;
    let pressed = json!({ "id": "6", "from": from, "data": "Y" });
    function.handle(update(&json!({ "update_id": 2, "callback_query": pressed }))).await;
    let no = |what: &str| Err(format!("the platform refuses it: the event is no {what}"));
    let expected = [
        Ok("inline".to_owned()),
        no("pressed button"),
        no("inline query"),
        Ok("button".to_owned()),
    ];
    assert_eq!(*outcomes.lock().unwrap(), expected);
    let asked = telegram.methods();
    assert_eq!((&*asked[0].0, &asked[0].1["inline_query_id"]), ("answerInlineQuery", &json!("5")));
    assert_eq!(asked[0].1["cache_time"], 0);
    let answer = json!({ "callback_query_id": "6", "text": "Saved", "show_alert": true });
    assert_eq!(asked[1], ("answerCallbackQuery".to_owned(), answer));
    assert_eq!(Value::Null, asked.get(2).map_or(Value::Null, |it| it.1.clone()));
}

#[tokio::test]
async fn elsewhere_there_is_no_telegram() {
    async fn bot(context: Context) -> BotResult {
        let error = context.telegram("getMe", Value::Null).await.unwrap_err();
        context.send_text(error.to_string()).await?;
        Ok(())
    }
    let settings = ChannelSettings::new("rest", json!({}), Stage::Local, client().unwrap());
    let rest = RestConnector::from_settings(&settings).unwrap();
    let function = Function::start(|setup| setup.channel("rest", rest).bot(bot)).await;
    let answer = function.handle(post("/webhooks/rest/webhook", &json!({ "message": "hi" }))).await;
    let expected = "the platform refuses it: the event did not come from Telegram";
    assert_eq!(answer.json()[0]["text"], expected);
}
