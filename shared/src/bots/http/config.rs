//! The bot's settings, and what they are once checked.

use std::time::Duration;

use http::HeaderValue;
use reqwest::Url;
use serde::Deserialize;

use crate::ground::config::{ConfigError, Place};
use crate::ground::http::bearer;
use crate::ground::secret::Secret;

/// The section `bot` with `type: http`. It has no `Debug`: the URL may hold a password.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpBotConfig {
    /// The server's address, without `/webhooks/rest/webhook`.
    pub url: String,
    /// How long one attempt may take, its answer included; more than zero.
    #[serde(default = "default_timeout_seconds")]
    pub timeout_seconds: f64,
    /// How often a message is handed over again after the first attempt failed.
    #[serde(default = "default_retries")]
    pub retries: u32,
    /// Whether the answer comes line by line, each said the moment it arrives.
    #[serde(default)]
    pub stream: bool,
    /// Sent as `Authorization: Bearer`.
    #[serde(default)]
    pub token: Option<Secret>,
    /// Who the server is told is speaking.
    #[serde(default)]
    pub sender: SenderForm,
}

/// The form of the sender's id that the server gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SenderForm {
    /// The conversation, as `channel:key`: nobody on one channel can pass for somebody on another.
    #[default]
    Session,
    /// The platform's id of the sender alone, for conversations that Rasa knows by that id. Where
    /// a channel lets callers name themselves, they can name the users of the other channels.
    Id,
}

fn default_timeout_seconds() -> f64 {
    10.0
}

fn default_retries() -> u32 {
    2
}

/// The settings once checked.
pub(super) struct Settings {
    /// Where messages go.
    pub endpoint: Url,
    /// The header that proves who we are, if the server wants one.
    pub authorization: Option<HeaderValue>,
    /// How long one attempt may take.
    pub timeout: Duration,
    pub retries: u32,
    pub streams: bool,
    pub sender: SenderForm,
}

impl HttpBotConfig {
    /// Checks everything; `place` is where the section stands.
    pub(super) fn check(self, place: &Place) -> Result<Settings, ConfigError> {
        let endpoint = self.endpoint(place)?;
        Ok(Settings {
            authorization: self.authorization(&endpoint, place)?,
            endpoint,
            timeout: self.timeout(place)?,
            retries: self.retries,
            streams: self.stream,
            sender: self.sender,
        })
    }

    fn endpoint(&self, place: &Place) -> Result<Url, ConfigError> {
        let expected = || place.key("url").expected("an address such as https://rasa.example.com");
        let mut url = Url::parse(&self.url).map_err(|_| expected())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(expected());
        }
        let mut path = url.path_segments_mut().map_err(|()| expected())?;
        path.pop_if_empty().extend(["webhooks", "rest", "webhook"]);
        drop(path);
        if self.stream {
            url.query_pairs_mut().append_pair("stream", "true");
        }
        url.set_fragment(None);
        Ok(url)
    }

    fn authorization(
        &self,
        endpoint: &Url,
        place: &Place,
    ) -> Result<Option<HeaderValue>, ConfigError> {
        let Some(token) = &self.token else { return Ok(None) };
        let place = place.key("token");
        if !endpoint.username().is_empty() || endpoint.password().is_some() {
            return Err(place.expected("no token, because `url` has a user name or password"));
        }
        let header = bearer(token);
        header.map(Some).map_err(|_| place.expected("a token of printable characters"))
    }

    fn timeout(&self, place: &Place) -> Result<Duration, ConfigError> {
        let timeout = Duration::try_from_secs_f64(self.timeout_seconds).unwrap_or_default();
        if timeout.is_zero() {
            return Err(place.key("timeout_seconds").expected("a number of seconds above 0"));
        }
        Ok(timeout)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ground::config::read;

    fn check(settings: Value) -> Result<Url, ConfigError> {
        let place = Place::root().key("bot");
        let config: HttpBotConfig = read(settings, &place)?;
        Ok(config.check(&place)?.endpoint)
    }

    #[test]
    fn the_endpoint_is_below_the_url() {
        for (url, stream, expected) in [
            ("http://r", false, "http://r/webhooks/rest/webhook"),
            ("https://r:5005/", false, "https://r:5005/webhooks/rest/webhook"),
            ("https://r/bots/a/", true, "https://r/bots/a/webhooks/rest/webhook?stream=true"),
            ("https://r?key=1#x", true, "https://r/webhooks/rest/webhook?key=1&stream=true"),
        ] {
            let endpoint = check(json!({"url": url, "stream": stream})).unwrap();
            assert_eq!(endpoint.as_str(), expected, "{url}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_place_and_without_its_value() {
        let url = "https://r";
        for (settings, expected) in [
            (json!({}), "bot: missing field `url`"),
            (json!({"url": "sesame"}), "bot.url: expected an address"),
            (json!({"url": "ftp://sesame"}), "bot.url: expected an address"),
            (json!({"url": "data:sesame"}), "bot.url: expected an address"),
            (json!({"url": url, "timeout_seconds": 0}), "bot.timeout_seconds: expected a number"),
            (
                json!({"url": url, "timeout_seconds": -1.5}),
                "bot.timeout_seconds: expected a number",
            ),
            (
                json!({"url": url, "timeout_seconds": 1e300}),
                "bot.timeout_seconds: expected a number",
            ),
            (json!({"url": url, "retries": -1}), "bot.retries: expected a whole number from 0"),
            (json!({"url": url, "sender": "name"}), "bot.sender: expected `session` or `id`"),
            (json!({"url": url, "token": "sesame\n"}), "bot.token: expected a token"),
            (json!({"url": "https://a:sesame@r", "token": "x"}), "bot.token: expected no token"),
            (json!({"url": url, "retry": 1}), "bot.retry: unknown field"),
        ] {
            let error = check(settings.clone()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{settings}: {error}");
            assert!(!error.contains("sesame"), "{error}");
        }
    }
}
