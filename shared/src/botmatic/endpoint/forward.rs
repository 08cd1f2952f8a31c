//! An event or action that somebody else's HTTP server handles.
//!
//! The server gets the body as Botmatic sent it. What it answers with 2xx, as JSON, is `data` of
//! the answer to Botmatic; nothing, or what is not JSON, is null.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

use super::handlers::{Call, Handler, HandlerError};
use crate::ground::clock::Clock;
use crate::ground::config::{ConfigError, Place};
use crate::ground::secret::Secret;
use std::sync::Arc;

/// What is left of the invocation for the answer itself.
const RESERVE: Duration = Duration::from_millis(500);
/// A longer answer is refused.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Where to, in `patchcord.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardConfig {
    /// The server's address.
    url: String,
    /// Headers of the request, such as an authorization.
    #[serde(default)]
    headers: BTreeMap<String, Secret>,
    /// How long to wait for the answer.
    #[serde(default = "default_timeout_ms")]
    timeout_ms: u64,
}

const fn default_timeout_ms() -> u64 {
    10_000
}

/// A server that handles events and actions.
pub struct Forward {
    client: reqwest::Client,
    clock: Arc<dyn Clock>,
    url: Url,
    headers: HeaderMap,
    timeout: Duration,
}

impl Forward {
    /// The server of `config`, which stands at `place`.
    pub fn new(
        config: ForwardConfig,
        place: &Place,
        client: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConfigError> {
        let url = Url::parse(&config.url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| place.key("url").expected("an address with http or https"))?;
        let mut headers = HeaderMap::new();
        for (name, value) in config.headers {
            let place = place.key("headers").key(&name);
            let name = HeaderName::try_from(name).map_err(|_| place.expected("a header's name"))?;
            let value = HeaderValue::from_str(value.expose());
            let mut value = value.map_err(|_| place.expected("a header's value"))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let timeout = Duration::from_millis(config.timeout_ms);
        Ok(Self { client, clock, url, headers, timeout })
    }
}

#[async_trait]
impl Handler for Forward {
    async fn handle(&self, call: Call) -> Result<Value, HandlerError> {
        let left = call.deadline.remaining(self.clock.now()).saturating_sub(RESERVE);
        let request = self
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .timeout(self.timeout.min(left))
            .json(&call.data);
        let unreachable = |error: reqwest::Error| {
            tracing::warn!(error = &error.without_url() as &dyn std::error::Error, "not forwarded");
            HandlerError::new("the handler did not answer")
        };
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(unreachable)? {
            if body.len() + piece.len() > MAX_ANSWER_BYTES {
                return Err(HandlerError::new("the handler's answer is too long"));
            }
            body.extend_from_slice(&piece);
        }
        let data = serde_json::from_slice(&body).unwrap_or(Value::Null);
        match (status.is_success(), data) {
            (true, data) => Ok(data),
            (false, Value::Null) => {
                Err(HandlerError::new(format!("the handler answered {}", status.as_u16())))
            }
            (false, data) => Err(HandlerError { data }),
        }
    }
}
