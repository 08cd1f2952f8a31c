//! The command itself.

use std::fmt;
use std::io::Write;

use patchcord::connectors::telegram::WebhookInfo;
use patchcord::ground::clock::Timestamp;
use reqwest::Url;

use super::config;
use super::error::TelegramError;
use super::options::{Action, TelegramOptions};

/// Does what `options` say, and writes what Telegram knows afterwards to `out`.
pub async fn telegram(options: &TelegramOptions, mut out: impl Write) -> Result<(), TelegramError> {
    let (name, connector) = config::channel(options).await?;
    match &options.action {
        Action::SetWebhook { url, drop_pending } => {
            connector.set_webhook(&address(url, &name)?, *drop_pending).await?;
        }
        Action::DeleteWebhook => connector.delete_webhook().await?,
        Action::WebhookInfo => {}
    }
    let report = Report { channel: &name, info: connector.webhook_info().await? };
    write!(out, "{report}").map_err(TelegramError::Write)
}

/// Where the function takes updates, from its public address or that of any of its channels.
fn address(given: &str, channel: &str) -> Result<String, TelegramError> {
    let url = Url::parse(given).ok().filter(|url| url.has_host() && url.query().is_none());
    let url = url.ok_or(TelegramError::Url)?;
    let base = url.as_str().split("/webhooks/").next().unwrap_or_default();
    Ok(format!("{}/webhooks/{channel}/webhook", base.trim_end_matches('/')))
}

struct Report<'a> {
    channel: &'a str,
    info: WebhookInfo,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { channel, info } = self;
        if info.url.is_empty() {
            writeln!(f, "channel {channel}: updates go nowhere")?;
        } else {
            writeln!(f, "channel {channel}: updates go to {}", info.url)?;
        }
        if let Some(kinds) = &info.allowed_updates {
            writeln!(f, "kinds:      {}", kinds.join(", "))?;
        }
        writeln!(f, "waiting:    {}", info.pending_update_count)?;
        let Some(message) = &info.last_error_message else { return Ok(()) };
        let when = info.last_error_date.unwrap_or_default().saturating_mul(1000);
        let when = Timestamp::from_millis(when).to_rfc3339();
        writeln!(f, "last error: {when} {message}")
    }
}

#[cfg(test)]
mod tests;
