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
use crate::ground::config::{ConfigError, Place};
use crate::ground::http::{HttpParts, exchange};
use crate::ground::secret::Secret;
use crate::ground::telemetry::Chain;

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
    parts: HttpParts,
    url: Url,
    headers: HeaderMap,
    timeout: Duration,
}

impl Forward {
    /// The server of `config`, which stands at `place`.
    pub fn new(
        config: ForwardConfig,
        place: &Place,
        parts: &HttpParts,
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
        Ok(Self { parts: parts.clone(), url, headers, timeout })
    }
}

#[async_trait]
impl Handler for Forward {
    async fn handle(&self, call: Call) -> Result<Value, HandlerError> {
        let left = self.parts.left(call.deadline).saturating_sub(RESERVE);
        let request = self.parts.client.post(self.url.clone()).headers(self.headers.clone());
        let request = request.timeout(self.timeout.min(left)).json(&call.data);
        let answer = exchange(request, MAX_ANSWER_BYTES).await.map_err(|error| {
            tracing::warn!(error = %Chain(&error), "not forwarded");
            HandlerError::new("the handler did not answer")
        })?;
        let data = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        match (answer.status.is_success(), data) {
            (true, data) => Ok(data),
            (false, Value::Null) => {
                let status = answer.status.as_u16();
                Err(HandlerError::new(format!("the handler answered {status}")))
            }
            (false, data) => Err(HandlerError { data }),
        }
    }
}
