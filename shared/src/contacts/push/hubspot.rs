//! HubSpot's webhooks, verified by signature version 3.
//!
//! - <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>
//! - <https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide>
//!
//! A request has up to 100 events in no particular order. HubSpot waits five seconds for the
//! answer, and repeats what failed up to ten times within a day. An app has one address for all
//! accounts that installed it.

mod event;
mod signature;

use http::{HeaderMap, Method, Uri};
use serde::Deserialize;
use serde_json::Value;

use super::error::PushError;
use super::json;
use super::pushed::{Pushed, once_each};
use super::setting::Setting;
use crate::contacts::{ExternalId, Fields};
use crate::ground::clock::Timestamp;
use crate::ground::config::{ConfigError, Place, read};
use crate::ground::secret::Secret;
use event::Event;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HubSpotConfig {
    /// The app's client secret.
    client_secret: Secret,
    /// The address that HubSpot calls, where it is not the one that arrives here.
    url: Option<String>,
    /// The account, a number; events of other accounts are ignored.
    portal_id: Option<ExternalId>,
}

/// HubSpot's section.
pub(super) struct HubSpot {
    client_secret: Setting,
    url: Option<Setting>,
    portal_id: Option<Setting>,
}

impl HubSpot {
    /// Understands the section at `place`.
    pub fn compile(value: Value, place: &Place) -> Result<Self, ConfigError> {
        let config: HubSpotConfig = read(value, place)?;
        let compile = |source: &str, name| Setting::compile(source, &place.key(name));
        let HubSpotConfig { client_secret, url, portal_id } = config;
        let portal_id = portal_id.as_ref().map(|id| compile(id.as_str(), "portal_id"));
        Ok(Self {
            client_secret: compile(client_secret.expose(), "client_secret")?,
            url: url.map(|url| compile(&url, "url")).transpose()?,
            portal_id: portal_id.transpose()?,
        })
    }

    /// Lets a request pass that HubSpot signed not long ago.
    pub fn verify(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
        settings: &Fields,
        now: Timestamp,
    ) -> Result<(), PushError> {
        let secret = self.client_secret.required(settings)?;
        let uri = match &self.url {
            Some(url) => with_query(url.required(settings)?.expose(), uri.query()),
            None => uri.to_string(),
        };
        signature::verify(&secret, method, &uri, headers, body, now)
    }

    /// What the request says, in the order in which it happened.
    pub fn read(&self, body: &[u8], settings: &Fields) -> Result<Vec<Pushed>, PushError> {
        let portal_id = self.portal_id.as_ref().map(|id| id.required(settings)).transpose()?;
        let Value::Array(events) = json::parse(body)? else {
            return Err(PushError::malformed("a list of events"));
        };
        let mut events: Vec<_> =
            events.iter().enumerate().map(|(index, event)| Event::new(event, index)).collect();
        events.sort_by_key(Event::occurred_at);
        let read = |event: &Event<'_>| event.read(portal_id.as_ref().map(Secret::expose));
        let read: Vec<_> = events.iter().map(read).collect();
        // If nothing can be read, the request is wrong, and not one event in it.
        if let Some(Err(error)) = read.first()
            && read.iter().all(Result::is_err)
        {
            return Err(error.clone());
        }
        Ok(once_each(read.into_iter().flat_map(|read| match read {
            Ok(pushed) => pushed,
            Err(error) => vec![Pushed::Unreadable { expected: error.to_string() }],
        })))
    }
}

/// The address with the query of the request, unless it has its own.
fn with_query(url: &str, query: Option<&str>) -> String {
    match query {
        Some(query) if !url.contains('?') => format!("{url}?{query}"),
        _ => url.to_owned(),
    }
}
