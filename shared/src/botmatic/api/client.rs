//! The client, one of each process.

use reqwest::Url;

use crate::ground::config::{ConfigError, Place};
use crate::ground::http::HttpParts;

/// Where Botmatic is unless the configuration says otherwise.
pub const DEFAULT_BASE_URL: &str = "https://app.botmatic.ai";

/// Botmatic's API for every integration. It has no state of its own but connections.
pub struct BotmaticApi {
    pub(super) parts: HttpParts,
    /// Without a slash at its end.
    pub(super) base: String,
}

impl BotmaticApi {
    /// The API below `base_url`; `place` is where the configuration says so.
    pub fn new(parts: HttpParts, base_url: &str, place: &Place) -> Result<Self, ConfigError> {
        let expected = || place.expected("an http or https address such as `https://example.com`");
        let url = Url::parse(base_url).map_err(|_| expected())?;
        let is_plain = url.query().is_none() && url.fragment().is_none();
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        if !matches!(url.scheme(), "http" | "https") || !is_plain || !is_anonymous {
            return Err(expected());
        }
        Ok(Self { parts, base: url.as_str().trim_end_matches('/').to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ground::clock::SystemClock;
    use crate::ground::http::client;

    #[test]
    fn a_base_url_is_an_address_and_nothing_else() {
        let parts = HttpParts::new(client().unwrap(), Arc::new(SystemClock));
        let api = |url| BotmaticApi::new(parts.clone(), url, &Place::root().key("base_url"));
        for (url, expected) in [
            (DEFAULT_BASE_URL, "https://app.botmatic.ai"),
            ("http://127.0.0.1:9001/", "http://127.0.0.1:9001"),
            ("https://example.com/botmatic//", "https://example.com/botmatic"),
        ] {
            assert_eq!(api(url).unwrap().base, expected);
        }
        for url in ["", "app.botmatic.ai", "ftp://a", "http://a/?b", "http://a/#b", "http://s@a"] {
            let error = api(url).map(|_| ()).unwrap_err().to_string();
            assert!(error.starts_with("base_url: expected an http or https address"), "{error}");
        }
    }
}
