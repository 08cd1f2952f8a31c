//! The bridge between a platform and a bot: what one implements to plug in another platform.
//!
//! The names follow Bottender's custom connectors (`getUniqueSessionKey`, `updateSession`,
//! `mapRequestToEvents`, `createContext`) and opsdroid's (`configuration`, `default_target`,
//! `connect`, `disconnect`). Two worked examples are in `docs/custom-connectors.md`.

use std::any::Any;
use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};

use super::context::{Context, ContextParts};
use super::event::{Event, Target};
use super::output::{SendError, Sent};
use super::reply::{Reply, ReplyKind};
use super::sessions::Session;

/// A request as the platform sent it: the body is the raw bytes, decoded from Lambda's base64.
pub type WebhookRequest = http::Request<Bytes>;

/// Where the replies to a request go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerMode {
    /// The response to the request is the array of everything said.
    Collected,
    /// The response is a line of JSON for each reply, written the moment it is said.
    Streamed,
    /// [`Connector::send`]; the response only acknowledges.
    Platform,
}

/// Why a request was refused. Nothing has happened to any session.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The request carries no valid proof of who sent it: 401.
    #[error("{expected}")]
    Unauthorized {
        /// What was expected. Never the proof that would have been right.
        expected: &'static str,
        /// The scheme for `WWW-Authenticate` (RFC 9110, 11.6.1), if there is one: `Bearer`.
        scheme: Option<&'static str>,
    },
    /// The body is larger than is read: 413.
    #[error("expected a body of {limit} bytes at most")]
    TooLarge {
        /// What is read at most.
        limit: usize,
    },
    /// The request is not what the platform sends: 400.
    #[error("{expected}")]
    Malformed {
        /// What was expected, and where.
        expected: String,
    },
}

impl RequestError {
    /// A [`RequestError::Unauthorized`] of a platform that has its own way to sign requests.
    pub const fn unauthorized(expected: &'static str) -> Self {
        Self::Unauthorized { expected, scheme: None }
    }

    /// A [`RequestError::Malformed`].
    pub fn malformed(expected: impl Into<String>) -> Self {
        Self::Malformed { expected: expected.into() }
    }
}

/// A connector's own hook failed: a prefetch, a check, or setting up its client.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct ConnectorError {
    /// What was tried. No tokens, no message bodies.
    pub what: String,
    /// Whether the same attempt may succeed later.
    pub retryable: bool,
    /// Why it failed.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// The bridge between one platform and the bot.
///
/// A request goes through `verify`, `map_request`, and for each event `session_key`,
/// `update_session`, `create_context`; the replies come back through `encode` or `send`.
#[async_trait]
pub trait Connector: Any + Send + Sync {
    /// The platform's name: `telegram`, `slack`.
    fn platform(&self) -> &str;

    /// Checks who sent the request, over its raw bytes. Called before anything else.
    fn verify(&self, request: &WebhookRequest) -> Result<(), RequestError>;

    /// Every event of the request, in order: none for what needs no answer, many for a batch.
    fn map_request(&self, request: &WebhookRequest) -> Result<Vec<Event>, RequestError>;

    /// Which conversation an event belongs to: a user, group or channel id. An event without a
    /// session still runs, without state and without protection against duplicates.
    fn session_key(&self, event: &Event) -> Option<String>;

    /// Prefetches what the bot will need into [`Session::data`], or checks the session. Runs after
    /// the session is claimed and before the bot; what it puts into the session is saved with it.
    async fn update_session(
        &self,
        _session: &mut Session,
        _event: &Event,
    ) -> Result<(), ConnectorError> {
        Ok(())
    }

    /// Makes the context the bot gets, with platform-only extras if there are any.
    fn create_context(&self, parts: ContextParts) -> Context {
        Context::new(parts)
    }

    /// Whether the platform can show replies of this kind. What it cannot is rendered by
    /// [`fallback`](super::fallback).
    fn supports(&self, kind: ReplyKind) -> bool {
        kind == ReplyKind::Text
    }

    /// Where the replies to this request go.
    fn answer_mode(&self, _request: &WebhookRequest) -> AnswerMode {
        AnswerMode::Platform
    }

    /// A reply as the objects of the response; used where the answer is collected or streamed.
    fn encode(&self, target: &Target, reply: &Reply) -> Vec<Value> {
        vec![json!({ "recipient_id": target.room, "reply": reply })]
    }

    /// Sends a reply through the platform's own API. `reply` is of a supported kind.
    async fn send(&self, _target: &Target, reply: &Reply) -> Result<Sent, SendError> {
        Err(SendError::Unsupported(super::fallback::Unsupported(reply.kind())))
    }

    /// The connector's configuration as a bot may see it: without secrets.
    fn configuration(&self) -> Value {
        Value::Null
    }

    /// Where a message goes that answers no event.
    fn default_target(&self) -> Option<Target> {
        None
    }

    /// Sets up what the connector needs, once, before the first request.
    async fn connect(&self) -> Result<(), ConnectorError> {
        Ok(())
    }

    /// Puts that away again when the function is told to stop. On Lambda that signal comes only
    /// to functions with an extension, and a crash sends none: nothing may depend on it.
    async fn disconnect(&self) {}
}
