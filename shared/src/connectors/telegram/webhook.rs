//! Telling Telegram where updates go (<https://core.telegram.org/bots/api#setwebhook>).

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::calls::Call;
use super::connector::TelegramConnector;
use crate::chat::SendError;

/// Telegram looks the host up before it answers.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What Telegram knows of a bot's webhook (<https://core.telegram.org/bots/api#webhookinfo>).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WebhookInfo {
    /// Where updates go; empty if there is no webhook.
    pub url: String,
    /// How many of them wait.
    #[serde(default)]
    pub pending_update_count: u64,
    /// When the last one did not arrive, in seconds since the epoch.
    pub last_error_date: Option<u64>,
    /// What went wrong with that one, as Telegram says.
    pub last_error_message: Option<String>,
    /// The kinds that are sent; none if they are Telegram's default ones.
    pub allowed_updates: Option<Vec<String>>,
}

impl TelegramConnector {
    /// Has updates of the channel's kinds sent to `url`, with the channel's secret.
    /// `drop_pending` forgets those that wait.
    pub async fn set_webhook(&self, url: &str, drop_pending: bool) -> Result<(), SendError> {
        let call = Call::new("setWebhook")
            .with("url", url)
            .with("secret_token", self.secret_token.expose())
            .with("allowed_updates", json!(self.allowed_updates))
            .with("drop_pending_updates", drop_pending);
        self.client.call(&call, TIMEOUT).await?;
        Ok(())
    }

    /// Has no updates sent any more.
    pub async fn delete_webhook(&self) -> Result<(), SendError> {
        self.client.call(&Call::new("deleteWebhook"), TIMEOUT).await?;
        Ok(())
    }

    /// What Telegram knows of the webhook.
    pub async fn webhook_info(&self) -> Result<WebhookInfo, SendError> {
        let info = self.client.call(&Call::new("getWebhookInfo"), TIMEOUT).await?;
        WebhookInfo::deserialize(info).map_err(|error| SendError::Failed(error.into()))
    }
}
