//! The section `channels`: each one's connector, and how it is served.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::app::channel::Channel;
use crate::connectors::auth::Auth;
use crate::connectors::registry::{ChannelSettings, Connectors, Stage};
use crate::ground::config::{ConfigError, ConfigErrors, Place, Section, read};

/// Every channel that `read` understands.
pub(super) fn read_channels(
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

/// The channel `name`, with its connector made.
pub(super) fn read_channel(
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
