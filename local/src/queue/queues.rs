//! All queues of this machine, without HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use patchcord::ground::clock::{Clock, Timestamp};
use patchcord::ground::random::Random;
use tokio::sync::watch;
use tokio::time::timeout;

use super::QueueError;
use super::attributes::QueueAttributes;
use super::check;
use super::message::{NewMessage, Received, Sent};
use super::state::{Counts, State};

/// A clock that is not the machine's is looked at this often.
const LOOK: Duration = Duration::from_millis(20);

/// What to receive.
#[derive(Clone, Copy, Debug)]
pub struct Receive {
    /// So many messages at most.
    pub max: usize,
    /// For how long they are hidden from others; without, as the queue says.
    pub visibility_timeout: Option<Duration>,
    /// How long to wait for the first of them; without, as the queue says.
    pub wait: Option<Duration>,
}

/// Whose queues these are said to be.
const ACCOUNT: &str = "000000000000";

/// Queues in memory.
pub struct Queues {
    region: String,
    clock: Arc<dyn Clock>,
    random: Random,
    /// Nothing waits while it is locked.
    by_name: Mutex<BTreeMap<String, State>>,
    /// Counts what may bring a message to somebody who waits.
    changes: watch::Sender<u64>,
    stopped: watch::Sender<bool>,
}

type Locked<'a> = MutexGuard<'a, BTreeMap<String, State>>;

impl Queues {
    /// None yet, in a region of this name.
    pub fn new(region: impl Into<String>, clock: Arc<dyn Clock>, random: Random) -> Arc<Self> {
        let region = region.into();
        let (changes, stopped) = (watch::Sender::new(0), watch::Sender::new(false));
        let by_name = Mutex::default();
        Arc::new(Self { region, clock, random, by_name, changes, stopped })
    }

    /// The region they are said to be in.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The ARN of a queue.
    pub fn arn(&self, queue: &str) -> String {
        format!("{}{queue}", self.arn_prefix())
    }

    pub(super) fn arn_prefix(&self) -> String {
        format!("arn:aws:sqs:{}:{ACCOUNT}:", self.region)
    }

    /// The path of a queue's URL.
    pub(super) fn path(queue: &str) -> String {
        format!("/{ACCOUNT}/{queue}")
    }

    /// Makes a queue. It is fine if there is one already that is made the same.
    pub fn create(&self, name: &str, attributes: QueueAttributes) -> Result<(), QueueError> {
        check::queue_name(name, attributes.fifo.is_some())?;
        let now = self.clock.now();
        let mut queues = self.lock();
        if let Some(redrive) = &attributes.redrive {
            let dead = queues.get(&redrive.queue).map(|dead| &dead.attributes);
            check::redrive(&attributes, dead)?;
        }
        match queues.get(name) {
            Some(queue) if queue.attributes == attributes => Ok(()),
            Some(_) => Err(QueueError::QueueNameExists),
            None => {
                let arn = self.arn(name);
                let queue = State::new(name.to_owned(), arn, attributes, now);
                queues.insert(name.to_owned(), queue);
                Ok(())
            }
        }
    }

    /// Sends a message, and returns its id. What a FIFO queue has taken already gets the id that it
    /// had then, and is not sent again.
    pub fn send(&self, queue: &str, message: NewMessage) -> Result<String, QueueError> {
        self.take(queue, message).map(|sent| sent.id)
    }

    pub(super) fn take(&self, queue: &str, message: NewMessage) -> Result<Sent, QueueError> {
        let now = self.clock.now();
        let mut queues = self.lock();
        let queue = find(&mut queues, queue)?;
        check::message(&message, &queue.attributes)?;
        let sent = queue.send(self.id(), message, now);
        drop(queues);
        self.changed();
        Ok(sent)
    }

    /// Receives what can be received. Without anything, waits for the first message; an empty list
    /// means that there was none in time.
    pub async fn receive(
        &self,
        queue: &str,
        receive: Receive,
    ) -> Result<Vec<Received>, QueueError> {
        let wait = receive.wait.unwrap_or(self.attributes(queue)?.receive_wait);
        let until = self.clock.now() + wait;
        let (mut changes, mut stopped) = (self.changes.subscribe(), self.stopped.subscribe());
        loop {
            changes.borrow_and_update();
            let (received, next) = self.receive_now(queue, receive)?;
            let now = self.clock.now();
            if !received.is_empty() || now >= until || self.is_stopped() {
                return Ok(received);
            }
            let pause = next.map_or(until, |next| next.min(until)).since(now).min(LOOK);
            tokio::select! {
                _ = timeout(pause.max(Duration::from_millis(1)), changes.changed()) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
        }
    }

    /// Also says when there may be more.
    fn receive_now(
        &self,
        queue: &str,
        receive: Receive,
    ) -> Result<(Vec<Received>, Option<Timestamp>), QueueError> {
        let now = self.clock.now();
        let mut queues = self.lock();
        let queue = find(&mut queues, queue)?;
        let (received, given_up) = queue.receive(receive.max, receive.visibility_timeout, now);
        let next = queue.next_visible(now);
        let target = queue.redrive().map(|redrive| redrive.queue.clone());
        let is_moved = !given_up.is_empty();
        if let Some(target) = target.and_then(|target| queues.get_mut(&target)) {
            for message in given_up {
                target.take_over(message, now);
            }
        }
        drop(queues);
        if is_moved {
            self.changed();
        }
        Ok((received, next))
    }

    /// Deletes a message that was received.
    pub fn delete(&self, queue: &str, receipt_handle: &str) -> Result<(), QueueError> {
        let deleted = find(&mut self.lock(), queue)?.delete(receipt_handle);
        self.changed();
        deleted
    }

    /// Hides a message that was received for another while, or shows it at once.
    pub fn change_visibility(
        &self,
        queue: &str,
        receipt_handle: &str,
        timeout: Duration,
    ) -> Result<(), QueueError> {
        let now = self.clock.now();
        let change = |queue: &mut State| queue.change_visibility(receipt_handle, timeout, now);
        let changed = find(&mut self.lock(), queue).and_then(change);
        self.changed();
        changed
    }

    /// Forgets all messages of a queue.
    pub fn purge(&self, queue: &str) -> Result<(), QueueError> {
        let now = self.clock.now();
        find(&mut self.lock(), queue)?.purge(now)
    }

    /// How many messages a queue has.
    pub fn counts(&self, queue: &str) -> Result<Counts, QueueError> {
        let now = self.clock.now();
        Ok(find(&mut self.lock(), queue)?.counts(now))
    }

    /// How a queue works.
    pub fn attributes(&self, queue: &str) -> Result<QueueAttributes, QueueError> {
        find(&mut self.lock(), queue).map(|queue| queue.attributes.clone())
    }

    /// When a queue was made.
    pub fn created(&self, queue: &str) -> Result<Timestamp, QueueError> {
        find(&mut self.lock(), queue).map(|queue| queue.created)
    }

    /// How many wait for messages just now.
    pub fn waiting(&self) -> usize {
        self.changes.receiver_count()
    }

    /// Lets nobody wait any longer: whoever receives gets what is there.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Whether [`Self::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// An id as long and as unique as a UUID, and spelled like one.
    pub(super) fn id(&self) -> String {
        let id = self.random.token();
        let parts = [0..8, 8..12, 13..16, 17..20, 20..32];
        let [first, second, third, fourth, last] =
            parts.map(|range| id.get(range).unwrap_or_default());
        format!("{first}-{second}-4{third}-a{fourth}-{last}")
    }

    fn changed(&self) {
        self.changes.send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    /// The state is whole between any two statements, so a panic elsewhere does no harm to it.
    fn lock(&self) -> Locked<'_> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find<'a>(queues: &'a mut Locked<'_>, name: &str) -> Result<&'a mut State, QueueError> {
    queues.get_mut(name).ok_or(QueueError::QueueDoesNotExist)
}
