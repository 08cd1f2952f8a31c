//! What an installation is called here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ground::random::Random;

const MAX_BYTES: usize = 64;

/// One installation of the integration: stable, where its token may be replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IntegrationId(String);

/// Why an integration id is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an integration's id: letters, digits, `-` and `_`, {MAX_BYTES} at most")]
pub struct InvalidIntegrationId;

impl IntegrationId {
    /// One that no other installation has.
    pub fn random(random: &Random) -> Self {
        Self(random.token())
    }

    /// The id as a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IntegrationId {
    type Error = InvalidIntegrationId;

    fn try_from(text: String) -> Result<Self, InvalidIntegrationId> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let fits = !text.is_empty() && text.len() <= MAX_BYTES && text.chars().all(is_plain);
        if fits { Ok(Self(text)) } else { Err(InvalidIntegrationId) }
    }
}

impl From<IntegrationId> for String {
    fn from(id: IntegrationId) -> Self {
        id.0
    }
}

impl fmt::Display for IntegrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
