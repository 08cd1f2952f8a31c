//! What `patchcord.yaml` says, understood.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::channel::Channel;
use crate::bots;
use crate::chat::Bot;
use crate::connectors::auth::Auth;
use crate::connectors::registry::{ChannelSettings, Connectors, Stage};
use crate::ground::config::{ConfigError, ConfigErrors, Document, LoadError, Place, Section, read};

const SECTIONS: &str = "channels, bot, sessions, botmatic, contacts";
const SECONDS_PER_DAY: u64 = 24 * 60 * 60;

/// The configuration with everything in it built: connectors, bot, settings.
#[derive(Default)]
pub struct Config {
    /// The channels by name.
    pub channels: BTreeMap<String, Channel>,
    /// The bot, if the file names one.
    pub bot: Option<Arc<dyn Bot>>,
    /// How long a session is kept after its last event; none keeps it for ever.
    pub session_lifetime: Option<Duration>,
}

/// The section `sessions`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SessionsConfig {
    /// Days after its last event after which a session is forgotten; `null` keeps it for ever.
    expire_after_days: Option<std::num::NonZeroU32>,
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self { expire_after_days: std::num::NonZeroU32::new(30) }
    }
}

impl Config {
    /// Understands the whole of `document`, or says everything that is wrong with it.
    pub fn from_document(
        document: Document,
        connectors: &Connectors,
        stage: Stage,
        client: &reqwest::Client,
    ) -> Result<Self, LoadError> {
        let channel = |name: &str, value, place: &Place| {
            read_channel(name, value, place, connectors, stage, client.clone())
        };
        document.understand(|mut file, errors| {
            let channels = file.take("channels").unwrap_or(Value::Object(serde_json::Map::new()));
            let channels = errors.note(Section::new(channels, file.place().key("channels")));
            let channels = channels.map(|section| read_channels(section, channel, errors));
            let bot = file.take("bot").map(|bot| read_bot(bot, &file.place().key("bot"), client));
            let bot = bot.and_then(|bot| errors.note(bot));
            let sessions = file.take("sessions");
            let sessions = sessions.map(|value| read(value, &file.place().key("sessions")));
            let sessions: SessionsConfig =
                sessions.and_then(|sessions| errors.note(sessions)).unwrap_or_default();
            file.finish(SECTIONS, errors);
            let days = sessions.expire_after_days.map(|days| u64::from(days.get()));
            let session_lifetime = days.map(|days| Duration::from_secs(days * SECONDS_PER_DAY));
            channels.map(|channels| Self { channels, bot, session_lifetime })
        })
    }
}

fn read_channels(
    section: Section,
    read: impl Fn(&str, Value, &Place) -> Result<Channel, ConfigError>,
    errors: &mut ConfigErrors,
) -> BTreeMap<String, Channel> {
    let channels = section.into_entries().filter_map(|(name, value, place)| {
        let channel = errors.note(read(&name, value, &place))?;
        Some((name, channel))
    });
    channels.collect()
}

fn read_channel(
    name: &str,
    value: Value,
    place: &Place,
    connectors: &Connectors,
    stage: Stage,
    client: reqwest::Client,
) -> Result<Channel, ConfigError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(place.expected("a channel name of letters, digits, `-` and `_`"));
    }
    let mut section = Section::new(value, place.clone())?;
    let kind = section.take_type(&connectors.known())?;
    let delivery = section.take("delivery");
    let send = section.take("send").map(|send| read_send(send, &place.key("send"))).transpose()?;
    let settings = ChannelSettings::new(name, section.rest(), stage, client);
    let mut channel = Channel { send, ..Channel::from(connectors.make(&kind, &settings)?) };
    if let Some(delivery) = delivery {
        let place = place.key("delivery");
        channel.delivery = read(delivery, &place)?;
        if !channel.connector.deliveries().contains(&channel.delivery) {
            return Err(place.expected("`inline`: the answer to a request is what the bot says"));
        }
    }
    Ok(channel)
}

fn read_send(value: Value, place: &Place) -> Result<Auth, ConfigError> {
    let auth = Auth::new(read(value, place)?, place)?;
    if auth.is_open() {
        return Err(place.expected("a `token` or a `jwt_key`"));
    }
    Ok(auth)
}

fn read_bot(
    value: Value,
    place: &Place,
    client: &reqwest::Client,
) -> Result<Arc<dyn Bot>, ConfigError> {
    let mut section = Section::new(value, place.clone())?;
    let kind = section.take_type(bots::registry::KNOWN)?;
    bots::registry::bot(&kind, section.rest(), place, client)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::app::setup::OTHER_SECTIONS;
    use crate::ground::config::{Parameters, ResolveError};

    struct NoParameters;

    #[async_trait::async_trait]
    impl Parameters for NoParameters {
        async fn parameter(&self, _: &str) -> Result<String, ResolveError> {
            Err(ResolveError::NotFound)
        }
    }

    async fn config(yaml: &str, stage: Stage) -> Result<Config, LoadError> {
        let env = |name: &str| (name == "TOKEN").then(|| "s3cret".to_owned());
        let document = Document::parse(
            Path::new("patchcord.yaml"),
            yaml,
            &OTHER_SECTIONS,
            &env,
            &NoParameters,
        )
        .await?;
        let connectors = Connectors::built_in();
        Config::from_document(document, &connectors, stage, &reqwest::Client::default())
    }

    async fn mistakes(yaml: &str, stage: Stage) -> String {
        match config(yaml, stage).await {
            Ok(_) => panic!("expected mistakes in\n{yaml}"),
            Err(error) => error.to_string(),
        }
    }

    #[tokio::test]
    async fn the_shipped_file_is_understood() {
        crate::ground::http::client().unwrap();
        let shipped = include_str!("../../../patchcord.yaml");
        let config = config(shipped, Stage::Local).await.unwrap();
        assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["rest"]);
        assert!(config.bot.is_some());
        assert_eq!(config.session_lifetime, Some(Duration::from_hours(30 * 24)));
    }

    #[tokio::test]
    async fn an_open_channel_starts_only_locally_or_when_it_is_meant() {
        crate::ground::http::client().unwrap();
        let open = "channels: {rest: {type: rest}}";
        assert!(config(open, Stage::Local).await.is_ok());
        let refused = mistakes(open, Stage::Deployed).await;
        assert!(refused.contains("channels.rest: expected `auth` with a `token`"), "{refused}");
        for closed in [
            "channels: {rest: {type: rest, public: true}}",
            "channels: {rest: {type: rest, auth: {token: '${env:TOKEN}'}}}",
        ] {
            assert!(config(closed, Stage::Deployed).await.is_ok(), "{closed}");
        }
    }

    #[tokio::test]
    async fn every_mistake_is_named_with_its_place_and_what_was_expected() {
        crate::ground::http::client().unwrap();
        let cases = [
            ("channels: [", "is not valid YAML"),
            ("bot: {type: echo}\nbot: {type: echo}", "duplicate entry with key \"bot\""),
            ("hello", "the file: expected `channels:` and `bot:`"),
            ("chanels: {}", "chanels: unknown; expected one of: channels, bot, sessions"),
            ("channels: []", "channels: expected a mapping"),
            ("channels: {rest: {}}", "channels.rest.type: expected one of: "),
            ("channels: {rest: {type: x}}", "channels.rest.type: expected one of: "),
            ("channels: {'a/b': {type: rest}}", "channels.a/b: expected a channel name"),
            (
                "channels: {rest: {type: rest, tokn: a}}",
                "channels.rest.tokn: unknown field `tokn`, expected one of `auth`, `public`, `type`, `delivery`, `send`",
            ),
            (
                "channels: {rest: {type: rest, public: 3}}",
                "channels.rest.public: expected `true` or `false`, found a number",
            ),
            (
                "channels: {rest: {type: rest, auth: {token: 5}}}",
                "channels.rest.auth.token: expected a non-empty text",
            ),
            (
                "channels: {rest: {type: rest, auth: {jwt_method: ES256}}}",
                "channels.rest.auth.jwt_method: expected `HS256` or `RS256`",
            ),
            (
                "channels: {rest: {type: rest, public: '${env:TOKEN}'}}",
                "channels.rest.public: expected `true` or `false`, found a text",
            ),
            (
                "channels: {rest: {type: rest, auth: {token: '${env:NOPE}'}}}",
                "channels.rest.auth.token: ${env:NOPE}: there is no such entry",
            ),
            ("bot: {type: parrot}", "bot.type: expected one of: echo, http"),
            ("bot: {type: echo, loud: true}", "bot.loud: unknown field `loud`"),
            (
                "sessions: {expire_after_days: 0}",
                "sessions.expire_after_days: expected a whole number from 1 to 4294967295",
            ),
        ];
        for (yaml, expected) in cases {
            let found = mistakes(yaml, Stage::Local).await;
            assert!(found.contains(expected), "{yaml}\n  expected {expected}\n  found {found}");
            assert!(!found.contains("s3cret"), "{found}");
        }
        let both = mistakes("channels: {rest: {type: x}}\nbot: {type: y}", Stage::Local).await;
        assert_eq!(both.lines().count(), 3, "{both}");
    }
}
