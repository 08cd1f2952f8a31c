//! Installs the integration between both stand-ins, as a person in Botmatic would, so that contacts
//! are kept in step from the start.

use std::{fs, path::Path, sync::Arc, time::Duration};

use patchcord::{
    botmatic::IntegrationId,
    contacts::pairs::{Deletion, DynamoPairs, PairError, PairStore},
    ground::{
        clock::{Clock, Deadline, SystemClock},
        http,
    },
};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::attend::NOT_RUNNING;
use super::banner::say;
use crate::tables::{self, TableError};

/// The tenant that both stand-ins have from the start.
pub(super) const TENANT: &str = "local";
/// Its token for Botmatic.
pub(super) const TOKEN: &str = "local-token";
/// Until a function that does not listen yet is asked again.
const POLL: Duration = Duration::from_millis(200);
/// The same for one that does not run.
const POLL_NOT_RUNNING: Duration = Duration::from_secs(2);
/// For one round of forgetting pairs.
const ROUND: Duration = Duration::from_secs(30);

/// What the configuration says, so far as that decides what is worth showing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sections {
    /// By name.
    pub(super) channels: Vec<ChannelLine>,
    /// There is something to install.
    pub(super) botmatic: bool,
    /// There is a settings page.
    pub(super) settings: bool,
    /// The CRM is the one at `CRM_BASE_URL`.
    pub(super) crm: Option<Imports>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChannelLine {
    pub(super) name: String,
    /// Its `type`.
    pub(super) kind: String,
}

/// Who may start imports of the CRM's contacts over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Imports {
    /// Whoever has the admin key.
    ByAdmin,
    /// There is no such key.
    ByNobody,
}

impl Sections {
    /// Nothing where the file cannot be read: the functions say so themselves.
    pub(super) fn of(config: &Path) -> Self {
        let text = fs::read_to_string(config).unwrap_or_default();
        let file: Value = yaml_serde::from_str(&text).unwrap_or_default();
        let base_url = file["contacts"]["consumer"]["base_url"].as_str();
        let channel = |(name, channel): (&String, &Value)| ChannelLine {
            name: name.clone(),
            kind: channel["type"].as_str().unwrap_or_default().to_owned(),
        };
        let channels = file["channels"].as_object().into_iter().flatten();
        Self {
            channels: channels.map(channel).collect(),
            botmatic: !file["botmatic"].is_null(),
            settings: !file["botmatic"]["settings"].is_null(),
            crm: base_url.filter(|url| url.contains("${env:CRM_BASE_URL}")).map(|_| {
                let nobody = file["botmatic"]["admin_key"].is_null();
                if nobody { Imports::ByNobody } else { Imports::ByAdmin }
            }),
        }
    }
}

/// Why contacts are not kept in step.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotInstalled {
    /// The function answered something else. Its answer shows no secret.
    #[error("POST /botmatic got {status} {answer}")]
    Refused { status: u16, answer: String },
    /// There is nothing to ask with.
    #[error("there is no HTTP client")]
    Client(#[from] http::HttpClientError),
    /// The function ended meanwhile.
    #[error("the function's answer broke off")]
    Answer(#[source] reqwest::Error),
    /// There is no client for DynamoDB.
    #[error(transparent)]
    Table(#[from] TableError),
    /// DynamoDB did not do it.
    #[error("the pairs of the last run could not be forgotten")]
    Pairs(#[from] PairError),
}

/// Installs the integration, and returns its id. Waits for each answer as long as it takes, for the
/// reason for which the health does, and asks again when the function does not run.
pub(super) async fn install(functions: &str) -> Result<IntegrationId, NotInstalled> {
    let client = http::client()?;
    let (status, text) = loop {
        let request = client.post(format!("{functions}/botmatic")).bearer_auth(TOKEN);
        match request.json(&json!({ "event": "install" })).send().await {
            Err(_) => sleep(POLL).await,
            Ok(response) => {
                let status = response.status().as_u16();
                let text = response.text().await.map_err(NotInstalled::Answer)?;
                if !(status == 503 && text.contains(NOT_RUNNING)) {
                    break (status, text);
                }
                sleep(POLL_NOT_RUNNING).await;
            }
        }
    };
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    let id = answer["data"]["integration"].as_str().map(str::to_owned);
    let id = id.and_then(|id| IntegrationId::try_from(id).ok());
    id.ok_or_else(|| {
        let words: Vec<_> = text.split_whitespace().collect();
        NotInstalled::Refused { status, answer: words.join(" ").chars().take(300).collect() }
    })
}

/// The stand-ins start empty and count from 1 again. What a kept database says of their contacts
/// is about others.
pub(super) async fn forget_pairs(
    integration: &IntegrationId,
    endpoint: &str,
    table: &str,
) -> Result<(), NotInstalled> {
    let client = tables::functions_client(endpoint)?;
    let pairs = DynamoPairs::new(client, table.to_owned(), Arc::new(SystemClock));
    loop {
        let until = Deadline::after(ROUND, SystemClock.now());
        match pairs.delete_all_ids(integration, until).await? {
            Deletion::Finished => return Ok(()),
            Deletion::Unfinished => say("forgetting the pairs of the last run"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_says_what_is_worth_showing() {
        let directory = std::env::temp_dir().join(format!("patchcord-{:016x}", fastrand::u64(..)));
        fs::create_dir(&directory).unwrap();
        let file = directory.join("patchcord.yaml");
        let rest = vec![ChannelLine { name: "rest".to_owned(), kind: "rest".to_owned() }];
        let no_channels =
            Sections { botmatic: true, settings: true, crm: None, ..Sections::default() };
        let all = Sections { channels: rest.clone(), crm: Some(Imports::ByAdmin), ..no_channels };
        let shipped = include_str!("../../../patchcord.yaml");
        for (text, expected) in [
            (shipped, all),
            (
                "channels: {rest: {type: rest}}\nbot: {type: echo}",
                Sections { channels: rest, ..Sections::default() },
            ),
            ("botmatic: {encryption_keys: k}", Sections { botmatic: true, ..Sections::default() }),
            ("botmatic: {settings: {}}\ncontacts: {consumer: {type: hubspot}}", no_channels),
            ("botmatic: [", Sections::default()),
        ] {
            fs::write(&file, text).unwrap();
            assert_eq!(Sections::of(&file), expected, "{text}");
        }
        fs::remove_dir_all(&directory).unwrap();
        assert_eq!(Sections::of(&file), Sections::default(), "no file");
    }
}
