//! A function with the channel `rest`.

use patchcord::chat::{Bot, WebhookRequest};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::connectors::rest::RestConnector;
use patchcord::ground::http::client;
use serde_json::json;

use super::function::{Answer, Function, post};

/// A function that answers on the channel `rest` with `bot`.
pub async fn rest(bot: impl Bot) -> Function {
    let settings = ChannelSettings::new("rest", json!({}), Stage::Local, client().unwrap());
    let rest = RestConnector::from_settings(&settings).unwrap();
    Function::start(|setup| setup.channel("rest", rest).bot(bot)).await
}

/// Ada says `text`, and wants the answer as a stream.
pub fn streamed(text: &str) -> WebhookRequest {
    let body = json!({"sender": "ada", "message": text});
    post("/webhooks/rest/webhook?stream=true", &body)
}

impl Function {
    /// The answer to Ada, who says `text`.
    pub async fn say(&self, text: &str) -> Answer {
        let body = json!({"sender": "ada", "message": text});
        self.handle(post("/webhooks/rest/webhook", &body)).await
    }
}

impl Answer {
    /// The texts of the replies.
    pub fn texts(&self) -> Vec<String> {
        let replies = self.json();
        let texts = replies.as_array().unwrap().iter().map(|reply| reply["text"].as_str());
        texts.map(|text| text.unwrap().to_owned()).collect()
    }
}
