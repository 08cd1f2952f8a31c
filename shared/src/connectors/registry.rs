//! The connectors that `type` may name in the configuration of a channel: the built-in ones, and
//! those that a `main.rs` adds.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::Url;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::callback::CallbackConnector;
use super::meta::MetaConnector;
use super::rest::RestConnector;
use super::slack::SlackConnector;
use super::standard_webhook::StandardWebhookConnector;
use super::telegram::TelegramConnector;
use crate::chat::Connector;
use crate::ground::config::{ConfigError, Place, read_rest};

/// Where the function runs, as far as connectors care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On somebody's own machine, reachable from there only.
    Local,
    /// Anywhere else.
    Deployed,
}

/// The settings that every channel has, whatever its type.
const EVERY_CHANNEL: [&str; 3] = ["type", "delivery", "send"];

/// A channel of the configuration, to make a connector of.
pub struct ChannelSettings {
    /// The channel's name.
    pub name: String,
    /// Where the function runs.
    pub stage: Stage,
    /// Where the channel stands in the configuration, for errors.
    pub place: Place,
    /// The HTTP client of the function, for connectors that call out.
    pub client: reqwest::Client,
    pub(crate) settings: Value,
}

impl ChannelSettings {
    /// The channel `name` with these settings.
    pub fn new(name: &str, settings: Value, stage: Stage, client: reqwest::Client) -> Self {
        let place = Place::root().key("channels").key(name);
        Self { name: name.to_owned(), stage, place, client, settings }
    }

    /// The channel's settings without those that every channel has (`type`, `delivery`, `send`),
    /// references resolved. Give `T` `#[serde(deny_unknown_fields)]`, so that a misspelt setting is
    /// reported.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        read_rest(self.settings.clone(), &EVERY_CHANNEL, &self.place)
    }

    /// The address `url` of the setting `key`, if the function may call it: with HTTPS, or with
    /// plain HTTP on a local machine, and without a user name and password, which would be sent in
    /// a header of their own.
    pub fn https_url(&self, key: &str, url: &str) -> Result<Url, ConfigError> {
        let is_local = self.stage == Stage::Local;
        let may_be = |url: &Url| {
            let is_allowed = url.scheme() == "https" || (is_local && url.scheme() == "http");
            is_allowed && url.has_host() && url.username().is_empty() && url.password().is_none()
        };
        let expected = if is_local {
            "an address with https or, as on your own machine, http, without a user name and \
             password, such as http://127.0.0.1:8080"
        } else {
            "an address with https, without a user name and password, such as https://example.com"
        };
        let url = Url::parse(url).ok().filter(may_be);
        url.ok_or_else(|| self.place.key(key).expected(expected))
    }
}

type Make = dyn Fn(&ChannelSettings) -> Result<Arc<dyn Connector>, ConfigError> + Send + Sync;

/// Connectors by type.
pub struct Connectors(BTreeMap<String, Box<Make>>);

impl Connectors {
    /// The ones that come with Patchcord. A new platform is a line here.
    pub fn built_in() -> Self {
        Self(BTreeMap::new())
            .with("callback", CallbackConnector::from_settings)
            .with("instagram", MetaConnector::instagram)
            .with("messenger", MetaConnector::messenger)
            .with("rest", RestConnector::from_settings)
            .with("slack", SlackConnector::from_settings)
            .with("standard-webhook", StandardWebhookConnector::from_settings)
            .with("telegram", TelegramConnector::from_settings)
    }

    /// Adds a connector, so that channels of `type: kind` are made by `make`.
    #[must_use]
    pub fn with<C: Connector>(
        mut self,
        kind: &str,
        make: impl Fn(&ChannelSettings) -> Result<C, ConfigError> + Send + Sync + 'static,
    ) -> Self {
        let make = move |channel: &ChannelSettings| {
            let connector: Arc<dyn Connector> = Arc::new(make(channel)?);
            Ok(connector)
        };
        self.0.insert(kind.to_owned(), Box::new(make));
        self
    }

    /// The connector for `channel`, whose `type` is `kind`.
    pub(crate) fn make(
        &self,
        kind: &str,
        channel: &ChannelSettings,
    ) -> Result<Arc<dyn Connector>, ConfigError> {
        match self.0.get(kind) {
            Some(make) => make(channel),
            None => Err(channel.place.unknown_type(kind, &self.known())),
        }
    }

    /// The types there are, for error messages.
    pub(crate) fn known(&self) -> String {
        self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}
