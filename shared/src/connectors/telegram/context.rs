//! What a bot can do on Telegram and nowhere else.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::calls::{Call, refused};
use super::connector::{TelegramConnector, sent};
use super::extras::{CallbackQuery, InlineQuery};
use super::media;
use crate::chat::{Context, Reply, SendError, Sent};

/// Methods that only Telegram has. On another platform they are [`SendError::Refused`]. They are not
/// repeated when they fail.
#[async_trait]
pub trait TelegramContext {
    /// Calls any method of the Bot API with these parameters; the answer is what it returns. After
    /// one that shows something, call [`Context::note_said`].
    async fn telegram(&self, method: &str, parameters: Value) -> Result<Value, SendError>;

    /// Answers a pressed button with words at the top of the chat, or in a window of their own
    /// (`alert`): up to 200 characters. Needs `answer_callback_queries: false` in the channel's
    /// settings, because a button is answered once.
    async fn answer_callback(&self, text: &str, alert: bool) -> Result<(), SendError>;

    /// Answers an inline query: up to 50
    /// [results](https://core.telegram.org/bots/api#inlinequeryresult). `options` are further
    /// parameters, such as `{"cache_time": 0, "next_offset": "50"}`.
    async fn answer_inline_query(
        &self,
        results: Vec<Value>,
        options: Value,
    ) -> Result<(), SendError>;

    /// Sends 2 to 10 images and videos together, or files, or audio files. A caption of more
    /// than 1,024 characters is [`SendError::Refused`], and nothing is sent.
    async fn send_album(&self, replies: &[Reply]) -> Result<Sent, SendError>;
}

#[async_trait]
impl TelegramContext for Context {
    async fn telegram(&self, method: &str, parameters: Value) -> Result<Value, SendError> {
        let params = match parameters {
            Value::Object(parameters) => parameters,
            Value::Null => Map::new(),
            _ => return Err(refused("expected parameters by their names")),
        };
        call(self, Call { params, ..Call::new(method) }).await
    }

    async fn answer_callback(&self, text: &str, alert: bool) -> Result<(), SendError> {
        let query = self.event().extensions.get::<CallbackQuery>();
        let query = query.ok_or_else(|| refused("the event is no pressed button"))?;
        let answer = Call::new("answerCallbackQuery").with("callback_query_id", &*query.id);
        call(self, answer.with("text", text).with("show_alert", alert)).await?;
        self.note_said();
        Ok(())
    }

    async fn answer_inline_query(
        &self,
        results: Vec<Value>,
        options: Value,
    ) -> Result<(), SendError> {
        let query = self.event().extensions.get::<InlineQuery>();
        let query = query.ok_or_else(|| refused("the event is no inline query"))?;
        let params = options.as_object().cloned().unwrap_or_default();
        let answer = Call { params, ..Call::new("answerInlineQuery") };
        let answer = answer.with("inline_query_id", &*query.id);
        call(self, answer.with("results", json!(results))).await?;
        self.note_said();
        Ok(())
    }

    async fn send_album(&self, replies: &[Reply]) -> Result<Sent, SendError> {
        let album = media::album(&self.event().target, replies)?;
        let answer = call(self, album.clone()).await?;
        self.note_said();
        Ok(sent(&album, &answer))
    }
}

async fn call(context: &Context, call: Call) -> Result<Value, SendError> {
    let telegram = context.connector::<TelegramConnector>();
    let telegram = telegram.ok_or_else(|| refused("the event did not come from Telegram"))?;
    telegram.client.call(&call, context.remaining_time()).await
}
