//! Hands every message to a Rasa-compatible server.


use async_trait::async_trait;
use serde::Deserialize;

use crate::chat::{Bot, BotResult, Context};
use crate::ground::config::{ConfigError, Place};

/// The section `bot` with `type: http`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpBotConfig {
    /// The server.
    pub url: String,
}

/// A bot that lives on another server.
pub struct HttpBot {
    client: reqwest::Client,
}

impl HttpBot {
    /// A bot.
    pub fn new(_: HttpBotConfig, client: reqwest::Client, _: &Place) -> Result<Self, ConfigError> {
        Ok(Self { client })
    }
}

#[async_trait]
impl Bot for HttpBot {
    async fn handle(&self, _: Context) -> BotResult {
        Ok(())
    }
}
