//! What `patchcord.yaml` says of an HTTP service, as it stands there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

mod auth;
mod operations;

pub(super) use auth::{AuthConfig, CredentialsIn};
pub(super) use operations::{OperationsConfig, PagingConfig, PagingKind, RequestConfig};

/// The section `contacts.consumer` with `type: http`. It has no `Debug`: it may hold credentials.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HttpConsumerConfig {
    /// What stands before every path.
    pub(super) base_url: String,
    /// How requests prove whose they are.
    #[serde(default)]
    pub(super) auth: AuthConfig,
    /// Sent with every request.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// How long one attempt may take, its answer included.
    #[serde(default = "default_timeout_seconds")]
    pub(super) timeout_seconds: f64,
    /// How often a request is repeated after the first attempt.
    #[serde(default = "default_retries")]
    pub(super) retries: u32,
    /// Headers of an answer that say how long to wait; the first one there counts.
    #[serde(default = "default_retry_after")]
    pub(super) retry_after: Vec<String>,
    /// The most requests in a second, for one integration in one process.
    #[serde(default)]
    pub(super) requests_per_second: Option<f64>,
    /// Answers that say that nothing was done, and to come back later.
    #[serde(default = "default_busy")]
    pub(super) busy: Vec<MatchConfig>,
    /// Answers that say that there is no such contact.
    #[serde(default = "default_not_found")]
    pub(super) not_found: Vec<MatchConfig>,
    /// Answers that say that there is such a contact already.
    #[serde(default = "default_conflict")]
    pub(super) conflict: Vec<MatchConfig>,
    /// The id of that contact, from `body`.
    #[serde(default)]
    pub(super) existing_id: Option<String>,
    /// Answers that are refusals, whatever their status.
    #[serde(default)]
    pub(super) rejected: Vec<MatchConfig>,
    /// Where a refusal has the service's code for it.
    #[serde(default)]
    pub(super) error_code: Option<String>,
    /// What the values of a contact are sent as.
    #[serde(default)]
    pub(super) values: Values,
    /// What a contact looks like in an answer.
    #[serde(default)]
    pub(super) contact: ContactConfig,
    /// The requests. One that is missing cannot be made.
    pub(super) operations: OperationsConfig,
}

/// What the values of a contact are sent as.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Values {
    /// As they are.
    #[default]
    AsIs,
    /// As texts: a cleared field is the empty one.
    Text,
}

/// What an answer looks like: all of what is given has to fit.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchConfig {
    /// Its status.
    #[serde(default)]
    pub status: Option<u16>,
    /// Where something has to be in its body.
    #[serde(default)]
    pub path: Option<String>,
    /// What that has to be; without it, anything but null.
    #[serde(default, deserialize_with = "some")]
    pub equals: Option<Value>,
}

/// `equals: null` is something else than no `equals`.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What a contact looks like in an answer.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ContactConfig {
    /// Where its id is.
    pub id: String,
    /// Where its fields are; by default they are the contact itself.
    pub fields: Option<String>,
    /// Fields to add, made of `item`, the contact as it arrived.
    pub set: BTreeMap<String, String>,
    /// Where its e-mail address is, for services whose search also finds similar ones.
    pub email: Option<String>,
}

impl Default for ContactConfig {
    fn default() -> Self {
        Self { id: "id".to_owned(), fields: None, set: BTreeMap::new(), email: None }
    }
}

fn default_timeout_seconds() -> f64 {
    10.0
}

fn default_retries() -> u32 {
    2
}

fn default_retry_after() -> Vec<String> {
    vec!["retry-after".to_owned()]
}

fn status(status: u16) -> Vec<MatchConfig> {
    vec![MatchConfig { status: Some(status), path: None, equals: None }]
}

fn default_busy() -> Vec<MatchConfig> {
    status(429)
}

fn default_not_found() -> Vec<MatchConfig> {
    status(404)
}

fn default_conflict() -> Vec<MatchConfig> {
    status(409)
}
