//! A platform that sends many events at once: `[[sender, text], …]`. An event of nobody has no
//! session.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use patchcord::chat::sessions::Session;
use patchcord::chat::{
    AnswerMode, Bot, Connector, ConnectorError, Event, EventKind, Message, Received, Reply,
    RequestError, Target, Unsupported, WebhookRequest,
};
use patchcord::ground::clock::Timestamp;
use serde_json::{Value, json};

use super::function::Function;

/// The connector.
#[derive(Default)]
pub struct Batch {
    trouble: Option<Trouble>,
    had_trouble: AtomicBool,
}

/// What the first `update_session` does.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// It fails, and says whether it may succeed later.
    Fails { retryable: bool },
    /// It panics.
    Panics,
    /// It never returns.
    Hangs,
}

impl Batch {
    /// The first `update_session` is in trouble.
    pub fn with(trouble: Trouble) -> Self {
        Self { trouble: Some(trouble), ..Self::default() }
    }
}

/// A function that answers on the channel `batch`.
pub async fn batch(connector: Batch, bot: impl Bot) -> Function {
    Function::start(|setup| setup.channel("batch", connector).bot(bot)).await
}

#[async_trait]
impl Connector for Batch {
    fn platform(&self) -> &'static str {
        "batch"
    }

    async fn verify(&self, _: &WebhookRequest, _: Timestamp) -> Result<(), RequestError> {
        Ok(())
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let pairs: Vec<(String, String)> = serde_json::from_slice(request.body())
            .map_err(|_| RequestError::malformed("expected pairs of sender and text"))?;
        let events = pairs.into_iter().map(|(sender, text)| {
            let kind = EventKind::Message(Message::Text(text));
            Event::new("batch", &sender, kind, Value::Null)
        });
        Ok(events.collect::<Vec<_>>().into())
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        Some(event.sender.id.clone()).filter(|sender| !sender.is_empty())
    }

    async fn update_session(&self, _: &mut Session, _: &Event) -> Result<(), ConnectorError> {
        if self.had_trouble.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        match self.trouble {
            None => Ok(()),
            Some(Trouble::Panics) => panic!("the platform's secret"),
            Some(Trouble::Hangs) => std::future::pending().await,
            Some(Trouble::Fails { retryable }) => {
                let (what, source) = ("cannot load the profile", "the platform's secret");
                Err(ConnectorError {
                    what: what.to_owned(),
                    retryable,
                    source: Some(source.into()),
                })
            }
        }
    }

    fn answer_mode(&self, request: &WebhookRequest) -> AnswerMode {
        match request.uri().query() {
            Some("stream") => AnswerMode::Streamed,
            _ => AnswerMode::Collected,
        }
    }

    fn encode(&self, target: &Target, reply: &Reply) -> Result<Vec<Value>, Unsupported> {
        match reply {
            Reply::Text { text } => Ok(vec![json!({ "to": target.room, "text": text })]),
            other => Err(Unsupported(other.kind())),
        }
    }
}
