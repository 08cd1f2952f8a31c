//! Polls a queue, and has a function handle what is there.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::answer::{Failures, failures};
use super::event::event;
use super::invoke::{Invoke, InvokeError};
use crate::queue::{QueueError, Queues, Receive, Received};

/// How long one poll waits. Lambda's own waits as long as a call may.
const WAIT: Duration = Duration::from_secs(20);

/// Messages of one event. Of a FIFO queue there are never more, of a standard queue only with a
/// batching window, which there is not here
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html>).
const MAX_BATCH: usize = 10;

/// What is set in the template of an event source
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html>).
#[derive(Clone, Debug)]
pub struct MappingOptions {
    /// The name of the queue.
    pub queue: String,
    /// `BatchSize`: messages of one event, at most; 1 to 10.
    pub batch_size: usize,
    /// `MaximumConcurrency`: events at a time, at most; 2 to 1,000 on AWS.
    pub maximum_concurrency: usize,
    /// `ReportBatchItemFailures`: the function's answer says which messages it failed on. Without
    /// it every answer is success.
    pub report_batch_item_failures: bool,
}

/// A running mapping. Dropping it ends it in the middle of what it does.
#[derive(Debug)]
pub struct EventSourceMapping {
    stop: watch::Sender<bool>,
    poll: JoinHandle<()>,
}

impl EventSourceMapping {
    /// Starts to take messages off the queue, which must exist.
    ///
    /// Of a FIFO queue, an event may have messages of several groups, each group in order. Those of
    /// a group are in one event at a time, as the queue keeps the others back until they are handled;
    /// groups are worked on in parallel. What the function does not report is deleted, even if an
    /// earlier message of the same group is reported: on AWS, too, it is the function that has to
    /// report all messages of a group after the first that failed
    /// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting>).
    pub fn start<I: Invoke>(
        queues: Arc<Queues>,
        function: Arc<I>,
        options: MappingOptions,
    ) -> Result<Self, QueueError> {
        queues.attributes(&options.queue)?;
        if !(1..=MAX_BATCH).contains(&options.batch_size) {
            let expected = format!("1 to {MAX_BATCH}");
            return Err(QueueError::InvalidParameterValue { name: "BatchSize", expected });
        }
        let (stop, stopped) = watch::channel(false);
        let source = Arc::new(Source { queues, function, options });
        let poll = tokio::spawn(source.poll(stopped));
        Ok(Self { stop, poll })
    }

    /// Takes no more messages, and waits until those that the function has are handled.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let _ = (&mut self.poll).await;
    }
}

impl Drop for EventSourceMapping {
    fn drop(&mut self) {
        self.poll.abort();
    }
}

struct Source<I> {
    queues: Arc<Queues>,
    function: Arc<I>,
    options: MappingOptions,
}

impl<I: Invoke> Source<I> {
    async fn poll(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        let free = Arc::new(Semaphore::new(self.options.maximum_concurrency));
        // Ends with this task, and all of them with it.
        let mut running = JoinSet::new();
        loop {
            let next = async {
                // First somebody to handle them: a message that waits here would be hidden for
                // nothing.
                let permit = Arc::clone(&free).acquire_owned().await.ok()?;
                Some((permit, self.receive().await?))
            };
            tokio::select! {
                // Whatever is taken off the queue is handled: receiving is tried first.
                biased;
                next = next => match next {
                    Some((_, messages)) if messages.is_empty() => {}
                    Some((permit, messages)) => {
                        let source = Arc::clone(&self);
                        running.spawn(async move {
                            source.handle(&messages).await;
                            drop(permit);
                        });
                    }
                    // The queues have ended.
                    None => break,
                },
                _ = stopped.wait_for(|stopped| *stopped) => break,
            }
            while running.try_join_next().is_some() {}
        }
        while running.join_next().await.is_some() {}
    }

    async fn receive(&self) -> Option<Vec<Received>> {
        let MappingOptions { queue, batch_size: max, .. } = &self.options;
        let receive = Receive { max: *max, visibility_timeout: None, wait: Some(WAIT) };
        let received = self.queues.receive(queue, receive).await.ok()?;
        (!received.is_empty() || !self.queues.is_stopped()).then_some(received)
    }

    /// Invokes the function, and deletes what it did not fail on. The rest shows again when its
    /// visibility timeout is over.
    async fn handle(&self, messages: &[Received]) {
        let MappingOptions { queue, report_batch_item_failures, .. } = &self.options;
        let event = event(&self.queues, queue, messages);
        let failed = match self.function.invoke(event).await {
            Ok(_) if !report_batch_item_failures => Failures::NONE,
            Ok(answer) => {
                let ids: Vec<_> = messages.iter().map(|message| message.id.as_str()).collect();
                failures(&answer, &ids)
            }
            Err(error) => {
                self.report(messages.len(), &error);
                Failures::All
            }
        };
        let Failures::Of(failed) = failed else { return };
        for message in messages.iter().filter(|message| !failed.contains(&message.id)) {
            // It can only fail if the queue is gone, and the message with it.
            let _ = self.queues.delete(queue, &message.receipt_handle);
        }
    }

    fn report(&self, count: usize, error: &InvokeError) {
        let queue = &self.options.queue;
        eprintln!("patchcord: {count} messages of the queue {queue} stay in it: {error}");
    }
}
