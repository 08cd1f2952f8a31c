//! The queue of imports, and what has the function `contact-import` work on what is in it.

use std::{sync::Arc, time::Duration};

use patchcord::ground::http;

use super::{RunError, RunOptions, banner::say, environment::Environment, ports};
use crate::queue::{
    EventSourceMapping, MappingOptions, QueueAttributes, Redrive, Sqs, SqsOptions, WatchedFunction,
};

const QUEUE: &str = "patchcord-imports";
const DEAD_LETTERS: &str = "patchcord-imports-dead";
const FUNCTION: &str = "contact-import";
/// Longer than a function has here, so that a slice is not begun twice.
const VISIBILITY: Duration = Duration::from_mins(2);
/// What fails is tried so often; a function that does not compile makes it wait, not fail.
const MAX_RECEIVE_COUNT: u32 = 10;

/// A queue, and its consumer.
pub(super) struct ImportQueue {
    sqs: Sqs,
    mapping: EventSourceMapping,
}

impl ImportQueue {
    /// Starts both. The function is invoked, and compiled, once there is a message.
    pub(super) async fn start(options: &RunOptions) -> Result<Self, RunError> {
        ports::check_free(options.sqs_port, "the queue of imports", "PATCHCORD_SQS_PORT")?;
        let addr = ports::loopback(options.sqs_port);
        let sqs = Sqs::start(SqsOptions { addr, ..SqsOptions::default() }).await?;
        let queues = Arc::clone(sqs.queues());
        queues.create(DEAD_LETTERS, QueueAttributes::default())?;
        let queue = DEAD_LETTERS.to_owned();
        let redrive = Some(Redrive { queue, max_receive_count: MAX_RECEIVE_COUNT });
        let visibility_timeout = VISIBILITY;
        let attributes =
            QueueAttributes { visibility_timeout, redrive, ..QueueAttributes::default() };
        queues.create(QUEUE, attributes)?;
        let functions = format!("http://{}", ports::loopback(options.port));
        let function = WatchedFunction::new(http::client()?, &functions, FUNCTION);
        let mapping = MappingOptions {
            queue: QUEUE.to_owned(),
            batch_size: 1,
            maximum_concurrency: options.concurrency.max(1).into(),
            report_batch_item_failures: true,
        };
        let mapping = EventSourceMapping::start(queues, Arc::new(function), mapping)?;
        say(format_args!("a queue for imports at {}", sqs.url(QUEUE)));
        Ok(Self { sqs, mapping })
    }

    /// Tells the functions where it is.
    pub(super) fn announce(&self, environment: &mut Environment) {
        environment.set("AWS_ENDPOINT_URL_SQS", &self.sqs.endpoint());
        environment.set("IMPORT_QUEUE_URL", &self.sqs.url(QUEUE));
    }

    /// Ends both. What was being worked on is not waited for: the functions have ended.
    pub(super) async fn stop(self) {
        drop(self.mapping);
        self.sqs.stop().await;
    }
}
