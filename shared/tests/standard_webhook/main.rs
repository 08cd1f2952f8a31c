//! The channel of Standard Webhooks: requests that the specification's own library has signed, and
//! a server that the replies are posted to.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod bot;
mod configuration;
mod document;
mod replies;
mod signatures;
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

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use patchcord::app::Config;
use patchcord::chat::{Bot, WebhookRequest};
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::clock::{ManualClock, Timestamp};
use patchcord::ground::config::LoadError;
use support::config::config_at;
use support::function::{Answer, Function};
use support::receiver::{Demands, Receiver};
use support::standard_webhooks::{NOW, Signed, key, signed};

/// A function with the channel `crm`, and the server that its replies go to.
struct Crm {
    function: Function,
    receiver: Receiver,
}

impl Crm {
    /// A channel with the key `channel`, whose replies are signed with it.
    async fn start(settings: &str, bot: impl Bot) -> Self {
        Self::with_keys(&["channel"], "channel", settings, bot).await
    }

    /// A channel with these keys, to a receiver that wants the key `answer`.
    async fn with_keys(keys: &[&str], answer: &str, settings: &str, bot: impl Bot) -> Self {
        let demands = Demands { token: None, key: Some(key(answer)) };
        let receiver = Receiver::start(demands).await;
        let keys: Vec<_> = keys.iter().copied().map(key).collect();
        let url = format!("url: '{}', delivery: inline", receiver.url);
        let yaml = channel(&format!("keys: {keys:?}, {url}, {settings}"));
        let config = config(&yaml, Stage::Local).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW)));
        let function = Function::try_start_at(clock, config, |setup| setup.bot(bot)).await.unwrap();
        Self { function, receiver }
    }

    /// The answer to a signed request.
    async fn ask(&self, signed: &Signed) -> Answer {
        self.function.handle(request(signed)).await
    }
}

/// What `yaml` configures, with the built-in connectors.
async fn config(yaml: &str, stage: Stage) -> Result<Config, LoadError> {
    config_at(stage, yaml, &Connectors::built_in()).await
}

fn channel(settings: &str) -> String {
    format!("channels: {{crm: {{type: standard-webhook, {settings}}}}}")
}

fn request(signed: &Signed) -> WebhookRequest {
    let request = Request::post("/webhooks/crm/webhook")
        .header("webhook-id", &signed.id)
        .header("webhook-timestamp", &signed.at)
        .header("webhook-signature", &signed.signature);
    request.body(Bytes::from(signed.body.clone())).unwrap()
}
