//! The connector: its settings, requests, and what it can do.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::blocks::TEXT;
use super::client::Client;
use super::config::SlackConfig;
use super::events::{self, Rules};
use super::extras::{self, View, ViewSubmission};
use super::interactions;
use super::signature;
use super::wire::{self, Incoming, text_at};
use crate::chat::media::{Media, Source};
use crate::chat::reply::ReplyKind;
use crate::chat::split::TextLimit;
use crate::chat::{
    Connector, Delivery, Event, Outgoing, Received, RequestError, SendError, Sent, Target,
    WebhookRequest,
};
use crate::connectors::registry::ChannelSettings;
use crate::connectors::signature::SigningKey;
use crate::ground::clock::Timestamp;
use crate::ground::config::ConfigError;

const RETRY: &str = "x-slack-retry-num";

/// What a modal is answered at once; none closes it.
type AnswerSubmission = dyn Fn(&ViewSubmission) -> Option<Value> + Send + Sync;

/// The bridge between a workspace and the bot.
#[derive(Clone)]
pub struct SlackConnector {
    key: SigningKey,
    pub(super) client: Client,
    rules: Rules,
    default_channel: Option<String>,
    answer_submission: Option<Arc<AnswerSubmission>>,
}

impl SlackConnector {
    /// A channel of the configuration.
    pub fn from_settings(channel: &ChannelSettings) -> Result<Self, ConfigError> {
        let config: SlackConfig = channel.read()?;
        let api_url = channel.https_url("api_url", &config.api_url)?;
        let client = Client::new(channel.client.clone(), api_url, &config.bot_token);
        let place = channel.place.key("bot_token");
        let client = client.map_err(|_| place.expected("a token in one line"))?;
        let SlackConfig { bot_user_id, listen_to_bots, reply_in_threads, .. } = config;
        Ok(Self {
            key: SigningKey::new(&config.signing_secret),
            client,
            rules: Rules { bot_user_id, listen_to_bots, reply_in_threads },
            default_channel: config.default_channel,
            answer_submission: None,
        })
    }

    /// Answers a modal that somebody sends while Slack waits, before the bot hears of it: with a
    /// `response_action` (<https://docs.slack.dev/surfaces/modals#response_actions>). With
    /// `"errors"` the modal stays open and the bot is not told; otherwise it is. In `main.rs` of the
    /// function `webhook`, which may not take longer for it than a second or so:
    ///
    /// ```no_run
    /// # use patchcord::app::{Setup, StartError};
    /// # use patchcord::connectors::slack::{SlackConnector, ViewSubmission};
    /// # use serde_json::{Value, json};
    /// # async fn start() -> Result<(), StartError> {
    /// fn check(ViewSubmission(view): &ViewSubmission) -> Option<Value> {
    ///     let guests: u32 = view.value("guests", "number")?.parse().ok()?;
    ///     let errors = json!({ "guests": "We have twelve seats." });
    ///     (guests > 12).then(|| json!({ "response_action": "errors", "errors": errors }))
    /// }
    /// let setup = Setup::from_env().await?;
    /// let setup = setup.adjust("slack", |slack: SlackConnector| slack.with_submission_answer(check))?;
    /// # setup.webhook().await?.run().await
    /// # }
    /// ```
    #[must_use]
    pub fn with_submission_answer(
        mut self,
        answer: impl Fn(&ViewSubmission) -> Option<Value> + Send + Sync + 'static,
    ) -> Self {
        self.answer_submission = Some(Arc::new(answer));
        self
    }

    /// What an interaction gives, and what a modal is answered.
    fn interaction(&self, raw: &Value) -> Received {
        let mut received = events::received(interactions::interaction(raw, &self.rules));
        let submitted = text_at(raw, "/type") == Some("view_submission");
        let answer = self.answer_submission.as_ref().filter(|_| submitted);
        let answer = answer.and_then(|answer| answer(&ViewSubmission(View::read(raw))));
        if let Some(answer) = answer {
            if text_at(&answer, "/response_action") == Some("errors") {
                received.events.clear();
            }
            received.acknowledgement = response("application/json", answer.to_string());
        }
        received
    }
}

fn response(kind: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[async_trait]
impl Connector for SlackConnector {
    fn platform(&self) -> &'static str {
        "slack"
    }

    async fn verify(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError> {
        signature::verify(&self.key, request, now)
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let retry = request.headers().get(RETRY);
        if let Some(retry) = retry.and_then(|it| it.to_str().ok()?.parse::<u32>().ok()) {
            tracing::info!(retry, "Slack sends an event again");
        }
        Ok(match wire::read(request.body())? {
            Incoming::Challenge(challenge) => {
                let acknowledgement = response("text/plain", challenge);
                Received { acknowledgement, ..Received::default() }
            }
            Incoming::Callback(raw) => events::received(events::callback(&raw, &self.rules)),
            Incoming::Interaction(raw) => self.interaction(&raw),
            Incoming::Command(raw) => events::received(interactions::command(&raw, &self.rules)),
            Incoming::Ping => Received::default(),
            Incoming::RateLimited => {
                tracing::warn!("Slack leaves out events: there are more than it sends in an hour");
                Received::ignored()
            }
            Incoming::Unknown => Received::ignored(),
        })
    }

    fn extend_event(&self, event: &mut Event) {
        extras::extend(&mut event.extensions, &event.raw, &self.rules);
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        Some(events::session_key(event))
    }

    /// Suggestions are buttons: Slack has none that vanish.
    fn supports(&self, kind: ReplyKind) -> bool {
        kind != ReplyKind::QuickReplies
    }

    fn text_limit(&self) -> Option<TextLimit> {
        Some(TEXT)
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &[Delivery::Queued, Delivery::Inline]
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        self.carry_out(outgoing).await
    }

    async fn download(&self, media: &Media, limit: usize) -> Result<Bytes, SendError> {
        let Source::Id(id) = &media.source else {
            let reason = "expected a file that Slack has an id for".to_owned();
            return Err(SendError::Refused { reason });
        };
        self.client.download(id, limit).await
    }

    fn configuration(&self) -> Value {
        let Rules { listen_to_bots, reply_in_threads, .. } = self.rules;
        json!({ "listen_to_bots": listen_to_bots, "reply_in_threads": reply_in_threads })
    }

    fn default_target(&self) -> Option<Target> {
        self.default_channel.as_deref().map(Target::room)
    }
}
