//! The function `webhook`, a FIFO queue that invokes the function `worker`, and the server that the
//! answers are posted to: a channel as Rasa's callback channel.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use patchcord::chat::{Event, EventKind, Message};
use patchcord_local::queue::{
    EventSourceMapping, MappingOptions, NewMessage, QueueAttributes, Redrive, Sqs, SqsOptions,
};
use patchcord_local::runtime_api::Lambda;
use patchcord_tests::binaries;
use patchcord_tests::stack::{Stack, StackOptions};
use patchcord_tests::wait::in_time;
use serde_json::json;
use tokio::time::sleep;

use crate::platform::Platform;

/// Nothing here takes longer.
pub const PATIENCE: Duration = Duration::from_mins(2);
/// After which a platform repeats what was not acknowledged.
const PAUSE: Duration = Duration::from_millis(20);
const QUEUE: &str = "messages.fifo";
const DEAD_LETTERS: &str = "dead.fifo";

/// How it is started.
pub struct Options<'a> {
    /// The section `bot` of `patchcord.yaml`.
    pub bot: &'a str,
    /// So many instances of the worker at once.
    pub workers: usize,
    /// The timeout of the worker. What it had when it was killed comes again a second after that.
    pub timeout: Duration,
    /// So often a message is received before it is a dead letter.
    pub max_receive_count: u32,
    /// For how long the queue hides what was received; the timeout and a second if not said.
    pub visibility: Option<Duration>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        let timeout = Duration::from_secs(30);
        Self { bot: "{type: echo}", workers: 2, timeout, max_receive_count: 20, visibility: None }
    }
}

/// Everything that runs, but for the worker.
pub struct Queued {
    pub stack: Stack,
    pub worker: Arc<Lambda>,
    pub platform: Platform,
    pub sqs: Sqs,
    workers: usize,
}

impl Queued {
    pub async fn start(options: Options<'_>) -> Self {
        let platform = Platform::start().await;
        let config = format!(
            "channels: {{site: {{type: callback, public: true, url: '{}'}}}}\nbot: {}\n",
            platform.url(),
            options.bot
        );
        let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
        sqs.queues().create(DEAD_LETTERS, QueueAttributes::fifo()).unwrap();
        let redrive = Some(Redrive {
            queue: DEAD_LETTERS.to_owned(),
            max_receive_count: options.max_receive_count,
        });
        let visibility_timeout =
            options.visibility.unwrap_or(options.timeout + Duration::from_secs(1));
        let attributes = QueueAttributes { visibility_timeout, redrive, ..QueueAttributes::fifo() };
        sqs.queues().create(QUEUE, attributes).unwrap();
        let env = || {
            vec![("AWS_ENDPOINT_URL_SQS", sqs.endpoint()), ("MESSAGE_QUEUE_URL", sqs.url(QUEUE))]
        };
        let webhook =
            StackOptions { config: &config, instances: 4, env: env(), ..StackOptions::default() };
        let stack = Stack::start(webhook).await;
        let worker = StackOptions {
            binary: binaries::worker,
            config: &config,
            instances: options.workers,
            timeout: options.timeout,
            env: env(),
        };
        let worker = Arc::new(stack.beside(worker).await);
        Self { stack, worker, platform, sqs, workers: options.workers }
    }

    /// From now on the queue invokes the worker, with ten messages at most.
    pub fn work(&self) -> EventSourceMapping {
        let options = MappingOptions {
            queue: QUEUE.to_owned(),
            batch_size: 10,
            maximum_concurrency: self.workers,
            report_batch_item_failures: true,
        };
        let queues = Arc::clone(self.sqs.queues());
        EventSourceMapping::start(queues, Arc::clone(&self.worker), options).unwrap()
    }

    /// The platform says that `sender` wrote `text`, until it is acknowledged.
    pub async fn tell(&self, sender: &str, text: &str) {
        let body = json!({ "sender": sender, "message": text, "message_id": text });
        in_time(async {
            loop {
                let request = Request::post("/webhooks/site/webhook");
                let request = request.body(Bytes::from(body.to_string())).unwrap();
                let answer = self.stack.lambda.http(request).await.unwrap();
                match answer.status() {
                    StatusCode::OK => return,
                    StatusCode::SERVICE_UNAVAILABLE => sleep(PAUSE).await,
                    status => panic!("{status}: {:?}", answer.body()),
                }
            }
        })
        .await;
    }

    /// The same event once more, though the queue does not know it any more: what a platform repeats
    /// after an hour.
    pub fn tell_again(&self, sender: &str, text: &str) {
        let queues = self.sqs.queues();
        let body = event(sender, text);
        let group = format!("again-{sender}");
        let message = NewMessage::in_group(body, group.as_str(), group.as_str());
        queues.send(QUEUE, message).unwrap();
    }

    /// How many messages were given up.
    pub fn dead_letters(&self) -> usize {
        self.sqs.queues().counts(DEAD_LETTERS).unwrap().visible
    }
}

/// An event as the function `webhook` queues it.
fn event(sender: &str, text: &str) -> String {
    let raw = json!({ "sender": sender, "message": text, "message_id": text });
    let kind = EventKind::Message(Message::Text(text.to_owned()));
    let mut event = Event::new("callback", sender, kind, raw);
    event.id = Some(text.to_owned());
    "site".clone_into(&mut event.channel);
    serde_json::to_string(&event).unwrap()
}
