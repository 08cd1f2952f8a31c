//! The settings of a channel, and what is wrong with them.

use serde::Deserialize;

use super::updates::UpdateKind;
use crate::connectors::registry::ChannelSettings;
use crate::ground::config::ConfigError;
use crate::ground::secret::Secret;

/// The longest `secret_token` (<https://core.telegram.org/bots/api#setwebhook>).
const MAX_SECRET_BYTES: usize = 256;

/// A channel of `type: telegram`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TelegramConfig {
    /// The bot's token.
    pub token: Secret,
    /// What Telegram sends with every update, as `setWebhook` has told it.
    pub secret_token: Secret,
    #[serde(default = "api_url")]
    pub api_url: String,
    /// What `setWebhook` asks for.
    #[serde(default = "allowed_updates")]
    pub allowed_updates: Vec<UpdateKind>,
    /// Whether pressed buttons are answered in the response, without words.
    #[serde(default = "answer_callback_queries")]
    pub answer_callback_queries: bool,
    /// The bot's public name. With it, commands that name another bot are left out.
    pub username: Option<String>,
    /// Where a message goes that answers no event: a chat's id, or `@` and a channel's name.
    pub default_chat: Option<String>,
}

fn api_url() -> String {
    "https://api.telegram.org".to_owned()
}

fn allowed_updates() -> Vec<UpdateKind> {
    UpdateKind::DEFAULT.to_vec()
}

const fn answer_callback_queries() -> bool {
    true
}

impl TelegramConfig {
    /// The settings of `channel`, and the id of its bot.
    pub fn read(channel: &ChannelSettings) -> Result<(Self, i64), ConfigError> {
        let config: Self = channel.read()?;
        let place = |name: &str| channel.place.key(name);
        let id = bot_id(config.token.expose());
        let id = id.ok_or_else(|| place("token").expected("a bot's token, such as 123456:ABC…"))?;
        let secret = config.secret_token.expose();
        if secret.len() > MAX_SECRET_BYTES || !is_plain(secret) {
            return Err(place("secret_token").expected("1 to 256 letters, digits, `_` and `-`"));
        }
        if channel.https_url("api_url", &config.api_url)?.query().is_some() {
            return Err(place("api_url").expected("an address without a query"));
        }
        if config.allowed_updates.is_empty() {
            return Err(place("allowed_updates").expected("at least one kind of update"));
        }
        Ok((config, id))
    }
}

/// The number before the colon. All of the token becomes part of a URL.
fn bot_id(token: &str) -> Option<i64> {
    let (id, key) = token.split_once(':')?;
    id.parse().ok().filter(|_| !key.is_empty() && is_plain(key))
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
