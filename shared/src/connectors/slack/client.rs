//! Calls of Slack's Web API (<https://docs.slack.dev/apis/web-api/>).

use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use reqwest::{RequestBuilder, Url};
use serde_json::Value;

use super::errors::{CallError, Refusal};
use crate::chat::SendError;
use crate::connectors::api;
use crate::ground::http::bearer;
use crate::ground::retry::retry_after_in;
use crate::ground::secret::Secret;

/// Speaks to Slack in the name of the bot.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    api_url: Url,
    authorization: HeaderValue,
}

impl Client {
    /// A client with the bot's token, if that is one that a header can carry.
    pub fn new(
        http: reqwest::Client,
        api_url: Url,
        token: &Secret,
    ) -> Result<Self, InvalidHeaderValue> {
        Ok(Self { http, api_url, authorization: bearer(token)? })
    }

    /// Calls `method`, within `remaining`. Every method takes a form; those that read something do
    /// not look at JSON, and answer as if there were no arguments
    /// (<https://docs.slack.dev/apis/web-api/#basics>).
    pub async fn call(
        &self,
        method: &str,
        arguments: &Value,
        remaining: Duration,
    ) -> Result<Value, CallError> {
        answer(self.to(method).form(&fields(arguments)), remaining).await
    }

    /// Posts `message` to a `response_url`, which knows the bot without its token
    /// (<https://docs.slack.dev/interactivity/handling-user-interaction#message_responses>).
    pub async fn respond(
        &self,
        url: &Secret,
        message: &Value,
        remaining: Duration,
    ) -> Result<(), SendError> {
        let request = self.http.post(url.expose()).json(message);
        let answer = api::call(request, remaining).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        // A URL that was used up, or is older than half an hour.
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        let refusal = Refusal::of(&body, None);
        let code = refusal.map_or_else(|| answer.status.as_str().to_owned(), |it| it.code);
        Err(SendError::Refused { reason: format!("response_url: {code}") })
    }

    /// The request `request`, in the name of the bot.
    pub fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(AUTHORIZATION, self.authorization.clone())
    }

    /// The client for requests that are not in the name of the bot.
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Where the API is.
    pub const fn api_url(&self) -> &Url {
        &self.api_url
    }

    fn to(&self, method: &str) -> RequestBuilder {
        let mut url = self.api_url.clone();
        // An address with a host has segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(method);
        }
        self.authorized(self.http.post(url))
    }
}

/// Arguments as the fields of a form: texts as they are, what has no value not at all, and all else as
/// JSON (<https://docs.slack.dev/apis/web-api/#post_bodies>).
fn fields(arguments: &Value) -> Vec<(&str, String)> {
    let named = arguments.as_object().into_iter().flatten();
    let given = named.filter(|(_, value)| !value.is_null());
    let as_text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    given.map(|(name, value)| (name.as_str(), as_text(value))).collect()
}

async fn answer(request: RequestBuilder, remaining: Duration) -> Result<Value, CallError> {
    let answer = api::call(request, remaining).await?;
    let body = match serde_json::from_slice(&answer.body) {
        Ok(body) => body,
        // Something between here and Slack has answered: it passes.
        Err(error) if answer.status.is_success() => {
            return Err(SendError::Failed(error.into()).into());
        }
        Err(_) => {
            let reason = format!("status {}", answer.status.as_u16());
            return Err(SendError::Refused { reason }.into());
        }
    };
    match Refusal::of(&body, retry_after_in(&answer.headers)) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(body),
    }
}
