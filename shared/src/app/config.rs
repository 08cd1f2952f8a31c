//! What `patchcord.yaml` says, understood.

mod channels;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use channels::{read_channel, read_channels};

use super::channel::Channel;
use crate::bots;
use crate::chat::Bot;
use crate::connectors::registry::{Connectors, Stage};
use crate::ground::config::{ConfigError, Document, LoadError, Place, Section, read};

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
mod tests;
