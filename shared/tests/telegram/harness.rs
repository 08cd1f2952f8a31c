//! A function with a channel of Telegram's, as `patchcord.yaml` describes it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::HeaderValue;
use patchcord::app::Config;
use patchcord::chat::{Bot, BotResult, Context, Event, SendError, WebhookRequest};
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, LoadError, SsmParameters};
use patchcord::ground::http::client;
use serde_json::{Value, json};

use super::fake::{TOKEN, Telegram, USER};
use super::support::function::{Answer, Function, post};

/// The channel's secret: what Telegram sends in `X-Telegram-Bot-Api-Secret-Token`.
pub const SECRET: &str = "s3cret_Token-of_the-channel";

/// A configuration with the channel `telegram`, on a machine where its API may be without TLS.
pub async fn configured(settings: &str) -> Result<Config, LoadError> {
    configured_at(Stage::Local, settings).await
}

/// The same at any stage.
pub async fn configured_at(stage: Stage, settings: &str) -> Result<Config, LoadError> {
    let yaml = format!("channels: {{telegram: {{type: telegram, {settings}}}}}");
    let aws = Aws::from_env(client().unwrap(), Arc::new(SystemClock));
    let parameters = SsmParameters(aws.ssm(None).unwrap());
    let no_env = |_: &str| None;
    let document =
        Document::parse("patchcord.yaml".as_ref(), &yaml, &[], &no_env, &parameters).await?;
    Config::from_document(document, &Connectors::built_in(), stage, &client().unwrap())
}

/// The settings of a channel whose API is the fake one.
pub fn settings(telegram: &Telegram, more: &str) -> String {
    let url = &telegram.url;
    format!(
        "delivery: inline, token: '{TOKEN}', secret_token: {SECRET}, api_url: '{url}', \
         send: {{token: s3nd}}{more}"
    )
}

/// A function with that channel.
pub async fn function(telegram: &Telegram, bot: impl Bot) -> Function {
    function_with(telegram, "", bot).await
}

/// The same with more settings, each after a comma.
pub async fn function_with(telegram: &Telegram, more: &str, bot: impl Bot) -> Function {
    let config = configured(&settings(telegram, more)).await.unwrap();
    Function::start_with(config, |setup| setup.bot(bot)).await
}

/// An update on its way from Telegram.
pub fn update(body: &Value) -> WebhookRequest {
    let mut request = post("/webhooks/telegram/webhook", body);
    request.headers_mut().insert(HEADER, HeaderValue::from_static(SECRET));
    request
}

pub const HEADER: &str = "x-telegram-bot-api-secret-token";

/// Somebody writes `text` in the chat with the bot.
pub fn text(update_id: i64, text: &str) -> Value {
    json!({ "update_id": update_id, "message": {
        "date": 1_441_645_532, "message_id": 1365, "text": text,
        "chat": { "id": USER, "type": "private", "first_name": "Test" },
        "from": { "id": USER, "first_name": "Test", "last_name": "Lastname" },
    } })
}

/// Says something on its own, with the key of the channel.
pub async fn send(function: &Function, body: &Value) -> Answer {
    let mut request = post("/webhooks/telegram/send", body);
    request.headers_mut().insert("authorization", HeaderValue::from_static("Bearer s3nd"));
    function.handle(request).await
}

/// A bot that keeps what it is told.
#[derive(Clone, Default)]
pub struct Listener(pub Arc<Mutex<Vec<Event>>>);

#[async_trait]
impl Bot for Listener {
    async fn handle(&self, context: Context) -> BotResult {
        self.0.lock().unwrap().push(context.event().clone());
        Ok(())
    }
}

/// The events that a function with these settings makes of an update.
pub async fn heard_with(more: &str, body: &Value) -> (Vec<Event>, Answer) {
    let (telegram, listener) = (Telegram::start().await, Listener::default());
    let function = function_with(&telegram, more, listener.clone()).await;
    let answer = function.handle(update(body)).await;
    assert_eq!(telegram.asked().len(), 0, "nobody is called");
    let events = listener.0.lock().unwrap().clone();
    (events, answer)
}

/// The same with the settings every channel has.
pub async fn heard(body: &Value) -> Vec<Event> {
    let (events, answer) = heard_with("", body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    events
}

/// What a bot's call came to.
pub type Outcomes = Arc<Mutex<Vec<Result<String, String>>>>;

/// Keeps what a bot's call came to.
pub fn note(outcomes: &Outcomes, outcome: Result<String, SendError>) {
    outcomes.lock().unwrap().push(outcome.map_err(|error| error.to_string()));
}
