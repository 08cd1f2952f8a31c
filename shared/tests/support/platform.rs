//! A platform that takes messages through its own API: `[{"id", "from", "text"}, …]` comes in, and
//! what is sent is recorded.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use patchcord::chat::split::TextLimit;
use patchcord::chat::{
    Connector, Event, EventKind, Message, Outgoing, Received, Reply, ReplyKind, RequestError,
    SendError, Sent, Target, WebhookRequest,
};
use patchcord::ground::clock::Timestamp;
use serde_json::Value;

/// The longest text it takes, in code points.
pub const LIMIT: usize = 20;

/// The connector. Clones share what was sent.
#[derive(Clone, Default)]
pub struct Platform {
    sent: Arc<Mutex<Vec<(String, Reply)>>>,
    answers: Arc<Mutex<VecDeque<Option<SendError>>>>,
    nameless: Arc<AtomicBool>,
}

/// What `raw` says beside the text: platform-only data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mood(pub String);

impl Platform {
    /// Everything it took, in order: to whom, and what.
    pub fn sent(&self) -> Vec<(String, Reply)> {
        self.sent.lock().unwrap().clone()
    }

    /// The texts of it.
    pub fn texts(&self) -> Vec<String> {
        let text = |(_, reply)| match reply {
            Reply::Text { text } => text,
            other => panic!("{other:?} is no text"),
        };
        self.sent().into_iter().map(text).collect()
    }

    /// Does not take the next message, for this reason.
    pub fn refuse(&self, error: SendError) {
        self.answers.lock().unwrap().push_back(Some(error));
    }

    /// Takes so many messages before that.
    pub fn take(&self, count: usize) {
        self.answers.lock().unwrap().extend((0..count).map(|_| None));
    }
}

impl Platform {
    /// From now on its messages have no ids.
    pub fn has_no_ids(&self) {
        self.nameless.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Connector for Platform {
    fn platform(&self) -> &'static str {
        "platform"
    }

    async fn handshake(
        &self,
        request: &WebhookRequest,
    ) -> Option<Result<Response<Bytes>, RequestError>> {
        Some(match request.uri().query() {
            Some("token=right") => Ok(Response::new(Bytes::from("challenge"))),
            _ => Err(RequestError::Forbidden { expected: "expected the right token" }),
        })
    }

    async fn verify(&self, _: &WebhookRequest, _: Timestamp) -> Result<(), RequestError> {
        Ok(())
    }

    async fn map_request(&self, request: &WebhookRequest) -> Result<Received, RequestError> {
        let raws: Vec<Value> = serde_json::from_slice(request.body())
            .map_err(|_| RequestError::malformed("expected an array"))?;
        let mut received = Received::answer("thanks");
        for raw in raws {
            match (raw["from"].as_str(), raw["text"].as_str()) {
                (Some("bot"), _) => received.ignored += 1,
                (Some(from), Some(text)) => {
                    let kind = EventKind::Message(Message::Text(text.to_owned()));
                    let mut event = Event::new("platform", from, kind, raw.clone());
                    event.id = raw["id"].as_str().map(str::to_owned);
                    received.events.push(event);
                }
                _ => received.malformed += 1,
            }
        }
        Ok(received)
    }

    fn extend_event(&self, event: &mut Event) {
        if let Some(mood) = event.raw["mood"].as_str() {
            assert_ne!(mood, "mad");
            event.extensions.insert(Mood(mood.to_owned()));
        }
    }

    fn session_key(&self, event: &Event) -> Option<String> {
        Some(event.sender.id.clone())
    }

    fn supports(&self, kind: ReplyKind) -> bool {
        matches!(kind, ReplyKind::Text | ReplyKind::Edit)
    }

    fn text_limit(&self) -> Option<TextLimit> {
        Some(TextLimit::characters(LIMIT))
    }

    /// Each paragraph of a text is a message. To "hang" there is no answer.
    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let replies = match outgoing.reply {
            Reply::Text { text } => text.split("\n\n").map(Reply::text).collect(),
            reply => vec![reply.clone()],
        };
        let sent = outgoing.in_turn(replies, async |_, reply, _| {
            if reply == Reply::text("hang") {
                std::future::pending::<()>().await;
            }
            if let Some(Some(error)) = self.answers.lock().unwrap().pop_front() {
                return Err(error);
            }
            let mut sent = self.sent.lock().unwrap();
            sent.push((outgoing.target.room.clone(), reply));
            Ok(Sent::message(format!("m{}", sent.len())))
        });
        let sent = sent.await?.pop().unwrap_or_default();
        if self.nameless.load(Ordering::Relaxed) { Ok(Sent::default()) } else { Ok(sent) }
    }

    fn default_target(&self) -> Option<Target> {
        Some(Target::room("office"))
    }
}
