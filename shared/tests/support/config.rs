//! A configuration from text.

use std::sync::Arc;

use patchcord::app::Config;
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, LoadError, SsmParameters};
use patchcord::ground::http::client;

/// What `yaml` configures, with the built-in connectors.
pub async fn config(yaml: &str, stage: Stage) -> Result<Config, LoadError> {
    let aws = Aws::from_env(client().unwrap(), Arc::new(SystemClock));
    let parameters = SsmParameters(aws.ssm(None).unwrap());
    let no_env = |_: &str| None;
    let document =
        Document::parse("patchcord.yaml".as_ref(), yaml, &[], &no_env, &parameters).await?;
    Config::from_document(document, &Connectors::built_in(), stage, &client().unwrap())
}
