//! The bridge between a platform and a bot: what one implements to plug in another platform.
//!
//! The names follow Bottender's custom connectors (`getUniqueSessionKey`, `updateSession`,
//! `mapRequestToEvents`, `createContext`) and opsdroid's (`configuration`, `default_target`,
//! `connect`, `disconnect`). Two worked examples are in `docs/custom-connectors.md`.

mod error;
mod request;

use std::any::Any;

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::context::{Context, ContextParts};
use super::event::{Event, Target};
use super::fallback::Unsupported;
use super::output::{Outgoing, SendError, Sent};
use super::reply::{Media, Reply, ReplyKind};
use super::sessions::Session;
use super::split::TextLimit;
use crate::ground::clock::Timestamp;

pub use error::{ConnectorError, RequestError};
pub use request::{Received, WebhookRequest};

/// The largest body that is read, unless the connector says otherwise.
pub const MAX_BODY_BYTES: usize = 1_000_000;

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

/// When the bot answers what comes through the platform's own API ([`AnswerMode::Platform`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// While the platform waits for its acknowledgement.
    Inline,
    /// After it: the events wait in a queue for the worker.
    Queued,
}

/// The bridge between one platform and the bot.
///
/// A request goes through `verify`, `map_request`, and for each event `extend_event`,
/// `session_key`, `update_session`, `create_context`; the replies come back through `encode` or
/// `send`.
#[async_trait]
pub trait Connector: Any + Send + Sync {
    /// The platform's name: `telegram`, `slack`.
    fn platform(&self) -> &str;

    /// Answers a `GET` by which the platform makes sure that the channel is ours. It is the one
    /// request that is not verified: what it proves, and how, is its own business. None where the
    /// platform asks for nothing of the kind.
    async fn handshake(
        &self,
        _request: &WebhookRequest,
    ) -> Option<Result<Response<Bytes>, RequestError>> {
        None
    }

    /// The largest body that is read. Lambda hands over 6 MB at most
    /// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
    fn max_body_bytes(&self) -> usize {
        MAX_BODY_BYTES
    }

    /// Checks who sent the request, over its raw bytes. Called before anything but its length is
    /// looked at.
    async fn verify(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError>;

    /// Every event of the request, and what the platform wants to hear.
    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError>;

    /// Adds platform-only data to the event, by type, made from [`Event::raw`]. Called for every
    /// event before all that follows, also for one that has waited in a queue, which keeps no
    /// extensions.
    fn extend_event(&self, _event: &mut Event) {}

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

    /// The longest text of one message; longer ones are sent as several.
    fn text_limit(&self) -> Option<TextLimit> {
        None
    }

    /// When the bot may answer; the first is what a channel does whose configuration does not say.
    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Inline, Delivery::Queued]
    }

    /// Where the replies to this request go.
    fn answer_mode(&self, _request: &WebhookRequest) -> AnswerMode {
        AnswerMode::Platform
    }

    /// A reply of a supported kind as the objects of the response; used where the answer is
    /// collected or streamed.
    fn encode(&self, target: &Target, reply: &Reply) -> Result<Vec<Value>, Unsupported> {
        Ok(vec![json!({ "recipient_id": target.room, "reply": reply })])
    }

    /// Sends a reply of a supported kind through the platform's own API, once: what may succeed
    /// later is repeated by who calls this.
    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        Err(super::fallback::Unsupported(outgoing.reply.kind()).into())
    }

    /// Gets the content of what somebody has sent, of `limit` bytes at most. For those the
    /// platform knows by an id; URLs are anybody's to follow.
    async fn download(&self, _media: &Media, _limit: usize) -> Result<Bytes, SendError> {
        Err(SendError::Refused { reason: "this platform has no files by id".to_owned() })
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
