//! The callback channel: requests as Rasa's clients make them, and a server that the replies are
//! posted to.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod configuration;
mod document;
mod keys;
mod metadata;
mod rasa;
mod replies;
mod statuses;
#[path = "../support"]
mod support {
    #[expect(dead_code, reason = "shared with tests that need more of it")]
    pub mod config;
    pub mod document;
    #[expect(dead_code, reason = "shared with tests that need more of it")]
    pub mod function;
    pub mod receiver;
    pub mod standard_webhooks;
    pub mod worker;
}

use patchcord::app::Config;
use patchcord::chat::Bot;
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::config::LoadError;
use serde_json::{Value, json};
use support::config::config_at;
use support::function::{Answer, Function, post};
use support::receiver::{Demands, Receiver};

/// What proactive messages are sent with.
const SEND: &str = "send: {token: s3nd}";

/// A function with the channel `site`, and the server that its replies go to.
struct Site {
    function: Function,
    receiver: Receiver,
}

impl Site {
    /// A channel that answers while it is waited for, with these settings besides.
    async fn start(settings: &str, demands: Demands, bot: impl Bot) -> Self {
        let receiver = Receiver::start(demands).await;
        let yaml = channel(&receiver.url, settings);
        let config = config(&yaml, Stage::Local).await.unwrap();
        let function = Function::start_with(config, |setup| setup.bot(bot)).await;
        Self { function, receiver }
    }

    /// The answer to a request.
    async fn ask(&self, body: &Value) -> Answer {
        self.function.handle(post("/webhooks/site/webhook", body)).await
    }

    /// What `POST …/send` answers.
    async fn send(&self, reply: &Value) -> Answer {
        let mut request =
            post("/webhooks/site/send", &json!({"target": {"room": "ada"}, "reply": reply}));
        request.headers_mut().insert("authorization", "Bearer s3nd".parse().unwrap());
        self.function.handle(request).await
    }
}

/// What `yaml` configures, with the built-in connectors.
async fn config(yaml: &str, stage: Stage) -> Result<Config, LoadError> {
    config_at(stage, yaml, &Connectors::built_in()).await
}

fn channel(url: &str, settings: &str) -> String {
    format!("channels: {{site: {{type: callback, delivery: inline, url: '{url}', {settings}}}}}")
}

/// Ada says `text`.
fn says(text: &str, id: &str) -> Value {
    json!({"sender": "ada", "message": text, "message_id": id})
}
