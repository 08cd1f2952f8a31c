//! What a job is called.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::botmatic::IntegrationId;
use crate::ground::clock::Timestamp;
use crate::ground::random::Random;

/// One import: `{integration}.{when and which}`. Those of one integration are in the order in
/// which they were started.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobId {
    integration: IntegrationId,
    run: String,
}

/// A text is no id of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an import's id, as the start of the import has answered it")]
pub struct InvalidJobId;

/// Milliseconds since the epoch in hexadecimal, until the year 2527.
const TIME_DIGITS: usize = 11;
const RANDOM_DIGITS: usize = 8;

impl JobId {
    /// The id of an import that begins now.
    pub fn new(integration: IntegrationId, now: Timestamp, random: &Random) -> Self {
        let token = random.token();
        let random = token.get(..RANDOM_DIGITS).unwrap_or_default();
        Self { integration, run: format!("{:011x}{random}", now.as_millis()) }
    }

    /// Whose contacts are imported.
    pub const fn integration(&self) -> &IntegrationId {
        &self.integration
    }

    /// What is its own, besides the integration.
    pub(in crate::contacts::import) fn run(&self) -> &str {
        &self.run
    }

    /// The import `run` of an integration.
    pub(in crate::contacts::import) fn of_run(
        integration: &IntegrationId,
        run: &str,
    ) -> Result<Self, InvalidJobId> {
        let is_hex = run.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if run.len() != TIME_DIGITS + RANDOM_DIGITS || !is_hex {
            return Err(InvalidJobId);
        }
        Ok(Self { integration: integration.clone(), run: run.to_owned() })
    }
}

impl TryFrom<String> for JobId {
    type Error = InvalidJobId;

    fn try_from(text: String) -> Result<Self, InvalidJobId> {
        let (integration, run) = text.split_once('.').ok_or(InvalidJobId)?;
        let integration = IntegrationId::try_from(integration.to_owned());
        Self::of_run(&integration.map_err(|_| InvalidJobId)?, run)
    }
}

impl From<JobId> for String {
    fn from(id: JobId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.integration, self.run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_imports_have_greater_ids_and_an_id_is_read_as_it_is_written() {
        let integration = IntegrationId::try_from("one".to_owned()).unwrap();
        let random = Random::seeded(7);
        let at = |millis| {
            JobId::new(integration.clone(), Timestamp::from_millis(millis), &random).to_string()
        };
        let (first, second) = (at(1_700_000_000_000), at(1_700_000_000_001));
        assert!(first < second, "{first} {second}");
        assert_eq!(JobId::try_from(first.clone()).unwrap().to_string(), first);
        for wrong in
            ["", "one", "one.", "one.12", ".018bcfe568000000000", "a/b.018bcfe568000000000"]
        {
            assert_eq!(JobId::try_from(wrong.to_owned()), Err(InvalidJobId), "{wrong}");
        }
    }
}
