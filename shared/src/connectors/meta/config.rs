//! A channel of `type: messenger` or `type: instagram`.

use serde::Deserialize;

use super::wire::optional_id;
use crate::ground::secret::Secret;

/// The settings of the channel. Which secret is found where: `docs/messenger.md`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetaConfig {
    /// The app's secret, which Meta signs with.
    pub app_secret: Secret,
    /// What was entered with the webhook's URL, for Meta to show that it knows it.
    pub verify_token: Secret,
    /// The token of the page (or, with `api_url: https://graph.instagram.com`, of the account).
    pub access_token: Secret,
    /// The page's id, or that of the professional account. Events of others are ignored.
    #[serde(default, deserialize_with = "optional_id")]
    pub account_id: Option<String>,
    /// The app's id. With it, what other apps and people say in the page's name is told to the bot.
    #[serde(default, deserialize_with = "optional_id")]
    pub app_id: Option<String>,
    /// Where the Graph API is.
    #[serde(default = "api_url")]
    pub api_url: String,
    /// The version of the API.
    #[serde(default = "api_version")]
    pub api_version: String,
    /// Whether calls prove that we know the app's secret.
    #[serde(default = "yes")]
    pub appsecret_proof: bool,
}

fn api_url() -> String {
    "https://graph.facebook.com".to_owned()
}

/// Until July 2028.
fn api_version() -> String {
    "v25.0".to_owned()
}

const fn yes() -> bool {
    true
}
