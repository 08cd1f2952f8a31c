//! The configuration of a service, checked as a whole and made ready to use.

use std::collections::BTreeMap;
use std::time::Duration;

use http::HeaderName;
use serde_json::Value;

use super::address::Address;
use super::answer::{Match, Rules};
use super::auth::Auth;
use super::config::{ContactConfig, HttpConsumerConfig, MatchConfig};
use super::consumer::HttpConsumer;
use super::contact::Shape;
use super::template::Leaf;
use super::transport::Transport;
use crate::contacts::limiter::{Limiter, Rate};
use crate::contacts::path::FieldPath;
use crate::ground::config::{ConfigError, ConfigErrors, Place, read_rest};
use crate::ground::http::HttpParts;
use crate::ground::retry::RetryPolicy;

mod auth;
mod requests;

/// The pauses between attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl HttpConsumer {
    /// A consumer of these settings, which stand at `place` in the configuration.
    pub fn new(value: Value, parts: HttpParts, place: &Place) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let config = errors.note(read_rest::<HttpConsumerConfig>(value, &["type"], place));
        let consumer = config.and_then(|config| build(&config, parts, place, &mut errors));
        errors.into_result(consumer)
    }
}

fn build(
    config: &HttpConsumerConfig,
    parts: HttpParts,
    place: &Place,
    errors: &mut ConfigErrors,
) -> Option<HttpConsumer> {
    let base = Address::whole(&config.base_url, &["settings"], &place.key("base_url"));
    let base = errors.note(base.and_then(|base| check_base(base, config, place)));
    let auth = errors.note(auth::compile(&config.auth, &place.key("auth")));
    let rules = errors.note(rules(config, place));
    let transport = errors.note(transport(config, parts, place));
    let taken = auth.as_ref().and_then(Auth::header);
    let requests = requests::compile(config, taken, place, errors);
    Some(HttpConsumer {
        base: base?,
        auth: auth?,
        transport: transport?,
        rules: rules?,
        values: config.values,
        requests,
    })
}

/// An address that has nothing to fill in can be looked at now.
fn check_base(
    base: Address,
    config: &HttpConsumerConfig,
    place: &Place,
) -> Result<Address, ConfigError> {
    let expected = "an address such as https://api.example.com, without `?` and `#`";
    let is_literal = !config.base_url.contains("{{");
    let is_address = reqwest::Url::parse(&config.base_url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if config.base_url.contains(['?', '#']) || (is_literal && !is_address) {
        return Err(place.key("base_url").expected(expected));
    }
    Ok(base)
}

fn transport(
    config: &HttpConsumerConfig,
    parts: HttpParts,
    place: &Place,
) -> Result<Transport, ConfigError> {
    let timeout = Duration::try_from_secs_f64(config.timeout_seconds).unwrap_or_default();
    if timeout.is_zero() {
        return Err(place.key("timeout_seconds").expected("a number of seconds above 0"));
    }
    let rate = config.requests_per_second.map(Rate::new).transpose();
    let rate = rate.map_err(|error| place.key("requests_per_second").error(error))?;
    let retry_after = config.retry_after.iter();
    let retry_after = retry_after.map(|name| header_name(name, &place.key("retry_after")));
    Ok(Transport {
        parts,
        timeout,
        policy: RetryPolicy {
            retries: config.retries,
            first_pause: FIRST_PAUSE,
            longest_pause: LONGEST_PAUSE,
        },
        retry_after: retry_after.collect::<Result<_, _>>()?,
        limiter: rate.map(Limiter::new),
    })
}

fn rules(config: &HttpConsumerConfig, place: &Place) -> Result<Rules, ConfigError> {
    let existing_id = config.existing_id.as_deref();
    let existing_id =
        existing_id.map(|source| Leaf::compile(source, &["body"], &place.key("existing_id")));
    Ok(Rules {
        busy: matches(&config.busy, &place.key("busy"))?,
        not_found: matches(&config.not_found, &place.key("not_found"))?,
        conflict: matches(&config.conflict, &place.key("conflict"))?,
        existing_id: existing_id.transpose()?,
        rejected: matches(&config.rejected, &place.key("rejected"))?,
        error_code: optional_path(config.error_code.as_deref(), &place.key("error_code"))?,
    })
}

fn matches(configs: &[MatchConfig], place: &Place) -> Result<Vec<Match>, ConfigError> {
    let matches = configs.iter().enumerate().map(|(index, config)| {
        let place = place.key(&index.to_string());
        if config.status.is_none() && config.path.is_none() {
            return Err(place.expected("`status`, `path` or both"));
        }
        if config.equals.is_some() && config.path.is_none() {
            return Err(place.expected("`path` beside `equals`"));
        }
        let path = optional_path(config.path.as_deref(), &place.key("path"))?;
        Ok(Match { status: config.status, path, equals: config.equals.clone() })
    });
    matches.collect()
}

fn shape(config: &ContactConfig, place: &Place) -> Result<Shape, ConfigError> {
    let set = config.set.iter().map(|(name, source)| {
        let place = place.key("set").key(name);
        Ok((path(name, &place)?, Leaf::compile(source, &["item"], &place)?))
    });
    Ok(Shape {
        id: path(&config.id, &place.key("id"))?,
        fields: optional_path(config.fields.as_deref(), &place.key("fields"))?,
        set: set.collect::<Result<_, _>>()?,
        email: optional_path(config.email.as_deref(), &place.key("email"))?,
    })
}

fn path(text: &str, place: &Place) -> Result<FieldPath, ConfigError> {
    FieldPath::parse(text).map_err(|error| place.error(error))
}

fn optional_path(text: Option<&str>, place: &Place) -> Result<Option<FieldPath>, ConfigError> {
    text.map(|text| path(text, place)).transpose()
}

/// The headers of a request, without the one that is `taken`.
fn headers(
    configs: &BTreeMap<String, String>,
    taken: Option<&HeaderName>,
    known: &[&str],
    place: &Place,
) -> Result<Vec<(HeaderName, Leaf)>, ConfigError> {
    let headers = configs.iter().map(|(name, source)| {
        let place = place.key(name);
        let name = header_name(name, &place)?;
        if taken == Some(&name) {
            return Err(place.expected("another header: `auth` sets this one"));
        }
        Ok((name, Leaf::compile(source, known, &place)?))
    });
    headers.collect()
}

fn header_name(name: &str, place: &Place) -> Result<HeaderName, ConfigError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| place.expected("the name of a header"))
}
