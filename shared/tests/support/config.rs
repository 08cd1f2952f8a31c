//! Configurations as text.

use std::path::Path;

use patchcord::app::Config;
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, LoadError, SsmParameters};
use patchcord::ground::http::client;

/// What `yaml` says, understood, as it is deployed.
pub async fn config(yaml: &str, connectors: &Connectors) -> Result<Config, LoadError> {
    config_at(Stage::Deployed, yaml, connectors).await
}

/// The same for somewhere else.
pub async fn config_at(
    stage: Stage,
    yaml: &str,
    connectors: &Connectors,
) -> Result<Config, LoadError> {
    let client = client().unwrap();
    let ssm = Aws::from_env(client.clone(), std::sync::Arc::new(SystemClock)).ssm(None).unwrap();
    let path = Path::new("patchcord.yaml");
    let document = Document::parse(path, yaml, &[], &|_| None, &SsmParameters(ssm)).await?;
    Config::from_document(document, connectors, stage, &client)
}
