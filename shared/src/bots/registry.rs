//! The bots that `type` may name in the section `bot`.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::Echo;
use super::http::{HttpBot, HttpBotConfig};
use crate::chat::Bot;
use crate::ground::config::{ConfigError, Place, read_rest};

/// The types there are, for error messages.
pub const KNOWN: &str = "echo, http";

/// The bot of `type: kind`; `settings` is the rest of its section.
pub fn bot(
    kind: &str,
    settings: Value,
    place: &Place,
    client: &reqwest::Client,
) -> Result<Arc<dyn Bot>, ConfigError> {
    match kind {
        "echo" => {
            read_rest::<NoSettings>(settings, &["type"], place)?;
            Ok(Arc::new(Echo))
        }
        "http" => {
            let config: HttpBotConfig = read_rest(settings, &["type"], place)?;
            Ok(Arc::new(HttpBot::new(config, client.clone(), place)?))
        }
        _ => Err(place.unknown_type(kind, KNOWN)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoSettings {}
