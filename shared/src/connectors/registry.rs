//! The platforms that `type` may name in the configuration of a channel.

use std::sync::Arc;

use serde_json::Value;

use super::rest::{RestConfig, RestConnector};
use crate::chat::Connector;
use crate::ground::config::{ConfigError, Place, read};

/// The types there are, for error messages.
pub const KNOWN: &str = "rest";

/// Where the function runs, as far as connectors care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On somebody's own machine, reachable from there only.
    Local,
    /// Anywhere else.
    Deployed,
}

/// The connector of the channel `name`: `kind` is its `type`, `settings` the rest.
pub fn connector(
    name: &str,
    kind: &str,
    settings: Value,
    place: &Place,
    stage: Stage,
) -> Result<Arc<dyn Connector>, ConfigError> {
    match kind {
        "rest" => {
            let config: RestConfig = read(settings, place)?;
            Ok(Arc::new(RestConnector::new(name, config, place, stage)?))
        }
        _ => Err(place.key("type").expected(format!("one of: {KNOWN}"))),
    }
}
