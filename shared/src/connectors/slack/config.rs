//! What a channel of Slack can be set to.

use serde::Deserialize;

use crate::ground::secret::Secret;

const API_URL: &str = "https://slack.com/api";

/// A channel of `type: slack`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SlackConfig {
    /// What Slack signs its requests with: "Signing Secret" of the app's "Basic Information".
    pub signing_secret: Secret,
    /// What the bot calls Slack with: "Bot User OAuth Token" of "OAuth & Permissions", `xoxb-…`.
    pub bot_token: Secret,
    /// The bot's own user, where Slack does not say with each event.
    #[serde(default)]
    pub bot_user_id: Option<String>,
    /// Where a message goes that answers nothing: a channel's id.
    #[serde(default)]
    pub default_channel: Option<String>,
    /// Whether a message in a channel is answered in a thread of its own.
    #[serde(default)]
    pub reply_in_threads: bool,
    /// Whether the bot hears other bots.
    #[serde(default)]
    pub listen_to_bots: bool,
    /// Slack's Web API, or what stands in for it.
    #[serde(default = "api_url")]
    pub api_url: String,
}

fn api_url() -> String {
    API_URL.to_owned()
}
