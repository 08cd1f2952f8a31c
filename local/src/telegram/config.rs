//! One channel of the configuration, and nothing else of it: other secrets stay unread.

use std::any::Any;
use std::sync::Arc;

use patchcord::app::Config;
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::connectors::telegram::TelegramConnector;
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, LoadError, SsmParameters};
use patchcord::ground::http;
use serde_json::{Map, Value, json};

use super::error::TelegramError;
use super::options::TelegramOptions;

/// The channel's name, and its connector.
pub async fn channel(
    options: &TelegramOptions,
) -> Result<(String, TelegramConnector), TelegramError> {
    let path = &options.config;
    let text = std::fs::read_to_string(path)
        .map_err(|source| LoadError::Missing { path: path.clone(), source })?;
    let (name, settings) = choose(channels(&text, options)?, options)?;
    // What is JSON is YAML.
    let alone = json!({ "channels": { &name: settings } }).to_string();
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let client = http::client()?;
    let aws = Aws::from_env(client.clone(), Arc::new(SystemClock));
    let ssm = SsmParameters(aws.ssm(variable("AWS_ENDPOINT_URL_SSM").as_deref())?);
    let document = Document::parse(path, &alone, &[], &variable, &ssm).await?;
    let connectors = Connectors::built_in();
    let config = Config::from_document(document, &connectors, Stage::Local, &client)?;
    let connector = config.channels.get(&name).and_then(|channel| {
        let connector: &dyn Any = channel.connector.as_ref();
        connector.downcast_ref::<TelegramConnector>().cloned()
    });
    let connector = connector.ok_or_else(|| TelegramError::NoChannel { path: path.clone() })?;
    Ok((name, connector))
}

/// The channels of `type: telegram`.
fn channels(text: &str, options: &TelegramOptions) -> Result<Map<String, Value>, TelegramError> {
    let syntax = |message| LoadError::Syntax { path: options.config.clone(), message };
    // By way of YAML's own tree, as the functions do: it refuses a key that is there twice.
    let tree: yaml_serde::Value =
        yaml_serde::from_str(text).map_err(|error| syntax(error.to_string()))?;
    let mut tree = serde_json::to_value(tree).map_err(|error| syntax(error.to_string()))?;
    let channels = tree.pointer_mut("/channels").map(Value::take);
    let channels = channels.and_then(|it| it.as_object().cloned()).unwrap_or_default();
    Ok(channels.into_iter().filter(|(_, settings)| settings["type"] == "telegram").collect())
}

/// The one that is named, or the only one.
fn choose(
    mut channels: Map<String, Value>,
    options: &TelegramOptions,
) -> Result<(String, Value), TelegramError> {
    let names: Vec<_> = channels.keys().cloned().collect();
    let name = match (&options.channel, &names[..]) {
        (_, []) => return Err(TelegramError::NoChannel { path: options.config.clone() }),
        (Some(name), _) => name.clone(),
        (None, [only]) => only.clone(),
        (None, _) => return Err(TelegramError::OtherChannel { names }),
    };
    let settings = channels.remove(&name).ok_or(TelegramError::OtherChannel { names })?;
    Ok((name, settings))
}
