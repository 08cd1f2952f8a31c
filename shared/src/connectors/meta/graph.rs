//! Calls of the Graph API on behalf of a page, an Instagram account, a phone number.

use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderValue};
use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder};
use ring::hmac;
use serde_json::Value;

use super::error::send_error;
use crate::chat::SendError;
use crate::connectors::api::call;
use crate::connectors::registry::ChannelSettings;
use crate::ground::config::ConfigError;
use crate::ground::hex::hex;
use crate::ground::http::{Answer, bearer};
use crate::ground::secret::Secret;

/// The Graph API with one access token.
pub struct Graph {
    http: Client,
    url: String,
    authorization: HeaderValue,
    proof: Option<String>,
}

impl Graph {
    /// The API at `url` (`https://graph.facebook.com`) in `version` (`v25.0`): the settings
    /// `api_url`, `api_version` and `access_token` of `channel`.
    pub fn new(
        channel: &ChannelSettings,
        url: &str,
        version: &str,
        access_token: &Secret,
    ) -> Result<Self, ConfigError> {
        let place = &channel.place;
        if channel.https_url("api_url", url)?.query().is_some() {
            return Err(place.key("api_url").expected("an address without a query"));
        }
        if !is_version(version) {
            return Err(place.key("api_version").expected("a version such as `v25.0`"));
        }
        let authorization = bearer(access_token).map_err(|_| {
            place.key("access_token").expected("a token as Meta gives it, without line breaks")
        })?;
        let url = format!("{}/{version}", url.trim_end_matches('/'));
        Ok(Self { http: channel.client.clone(), url, authorization, proof: None })
    }

    /// The same with a proof that we know the app's secret, too, which an app may require
    /// (<https://developers.facebook.com/docs/graph-api/guides/secure-requests#appsecret_proof>).
    #[must_use]
    pub fn with_proof(mut self, app_secret: &Secret, access_token: &Secret) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, app_secret.expose().as_bytes());
        self.proof = Some(hex(hmac::sign(&key, access_token.expose().as_bytes())));
        self
    }

    /// Posts JSON to `path` (`me/messages`), once, within `remaining`. What comes back is null if
    /// it is no JSON.
    pub async fn post(
        &self,
        path: &str,
        body: &Value,
        remaining: Duration,
    ) -> Result<Value, SendError> {
        read(&call(self.request(path).json(body), remaining).await?)
    }

    /// The same with a form, for files.
    pub async fn upload(
        &self,
        path: &str,
        form: Form,
        remaining: Duration,
    ) -> Result<Value, SendError> {
        read(&call(self.request(path).multipart(form), remaining).await?)
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let proof = self.proof.as_ref().map(|proof| format!("?appsecret_proof={proof}"));
        let url = format!("{}/{path}{}", self.url, proof.unwrap_or_default());
        self.http.post(url).header(AUTHORIZATION, self.authorization.clone())
    }
}

/// It becomes a part of the URL
/// (<https://developers.facebook.com/docs/graph-api/guides/versioning>).
fn is_version(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let parts = text.strip_prefix('v').and_then(|numbers| numbers.split_once('.'));
    parts.is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

/// Errors may come with any status.
fn read(answer: &Answer) -> Result<Value, SendError> {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status.is_success() && body.get("error").is_none() {
        return Ok(body);
    }
    Err(send_error(answer))
}
