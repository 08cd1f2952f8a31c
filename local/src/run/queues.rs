//! The queues, and what has the functions `worker` and `contact-import` work on what is in them.

use std::{sync::Arc, time::Duration};

use patchcord::ground::http;

use super::{RunError, RunOptions, banner::say, environment::Environment, ports};
use crate::queue::{
    EventSourceMapping, MappingOptions, QueueAttributes, Redrive, Sqs, SqsOptions, WatchedFunction,
};

/// Longer than a function has here, so that nothing is begun twice.
const VISIBILITY: Duration = Duration::from_mins(2);
/// What fails is tried so often; a function that does not compile makes it wait, not fail.
const MAX_RECEIVE_COUNT: u32 = 10;

/// A queue, and the function that works on what is in it.
struct QueueKind {
    name: &'static str,
    dead_letters: &'static str,
    is_fifo: bool,
    function: &'static str,
    /// The variable that names the queue.
    variable: &'static str,
}

/// Events that wait for the bot.
const MESSAGES: QueueKind = QueueKind {
    name: "patchcord-messages.fifo",
    dead_letters: "patchcord-messages-dead.fifo",
    is_fifo: true,
    function: "worker",
    variable: "MESSAGE_QUEUE_URL",
};
/// What is to be done of imports.
const IMPORTS: QueueKind = QueueKind {
    name: "patchcord-imports",
    dead_letters: "patchcord-imports-dead",
    is_fifo: false,
    function: "contact-import",
    variable: "IMPORT_QUEUE_URL",
};

/// The queues, and their consumers.
pub(super) struct Queues {
    sqs: Sqs,
    mappings: Vec<EventSourceMapping>,
}

impl Queues {
    /// Starts them. A function is invoked, and compiled, once there is a message for it.
    pub(super) async fn start(options: &RunOptions) -> Result<Self, RunError> {
        ports::check_free(options.sqs_port, "the queues", "PATCHCORD_SQS_PORT")?;
        let addr = ports::loopback(options.sqs_port);
        let sqs = Sqs::start(SqsOptions { addr, ..SqsOptions::default() }).await?;
        let mappings = [MESSAGES, IMPORTS].map(|kind| kind.start(&sqs, options));
        let mappings = mappings.into_iter().collect::<Result<_, _>>()?;
        say(format_args!("queues for messages and imports at {}", sqs.endpoint()));
        Ok(Self { sqs, mappings })
    }

    /// Tells the functions where they are.
    pub(super) fn announce(&self, environment: &mut Environment) {
        environment.set("AWS_ENDPOINT_URL_SQS", &self.sqs.endpoint());
        for kind in [MESSAGES, IMPORTS] {
            environment.set(kind.variable, &self.sqs.url(kind.name));
        }
    }

    /// Ends all of it. What was being worked on is not waited for: the functions have ended.
    pub(super) async fn stop(self) {
        drop(self.mappings);
        self.sqs.stop().await;
    }
}

impl QueueKind {
    fn start(self, sqs: &Sqs, options: &RunOptions) -> Result<EventSourceMapping, RunError> {
        let queues = Arc::clone(sqs.queues());
        queues.create(self.dead_letters, self.attributes())?;
        let queue = self.dead_letters.to_owned();
        let redrive = Some(Redrive { queue, max_receive_count: MAX_RECEIVE_COUNT });
        let visibility_timeout = VISIBILITY;
        let attributes = QueueAttributes { visibility_timeout, redrive, ..self.attributes() };
        queues.create(self.name, attributes)?;
        let functions = format!("http://{}", ports::loopback(options.port));
        let function = WatchedFunction::new(http::client()?, &functions, self.function);
        let mapping = MappingOptions {
            queue: self.name.to_owned(),
            batch_size: 1,
            maximum_concurrency: options.concurrency.max(1).into(),
            report_batch_item_failures: true,
        };
        Ok(EventSourceMapping::start(queues, Arc::new(function), mapping)?)
    }

    fn attributes(&self) -> QueueAttributes {
        if self.is_fifo { QueueAttributes::fifo() } else { QueueAttributes::default() }
    }
}
