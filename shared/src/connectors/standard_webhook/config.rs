//! What a channel of `type: standard-webhook` can be set to.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::fields::FieldsConfig;
use crate::ground::secret::Secret;

/// A channel of `type: standard-webhook`. It has no `Debug`: the URL may hold a token.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardWebhookConfig {
    /// What requests are signed with, `whsec_` and base64; any of them is enough. Several while a
    /// key is being replaced.
    pub keys: Vec<Secret>,
    /// Where replies are posted to.
    pub url: String,
    /// What replies are signed with; the first of `keys` if not set.
    #[serde(default)]
    pub answer_key: Option<Secret>,
    /// What the receiver of replies gets as `Authorization: Bearer`.
    #[serde(default)]
    pub token: Option<Secret>,
    /// The types of events that the bot is told of. If not set, those with a text or a payload.
    #[serde(default)]
    pub types: Option<BTreeSet<String>>,
    /// Where things are in a body.
    #[serde(default)]
    pub fields: FieldsConfig,
}
