//! Who does what: which invocations wait, which instances are free, and who runs what.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    process::ExitStatus,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::{mpsc, oneshot},
    task::AbortHandle,
};

use super::{
    InstanceId, LambdaError,
    answer::{Chunks, Reply},
    instance::{Ended, Handle},
};

type Outcome = Result<Reply, LambdaError>;
type ChunkSender = mpsc::UnboundedSender<Result<Bytes, LambdaError>>;

/// The state behind one lock; nothing waits while it holds it.
#[derive(Debug)]
pub(super) struct Dispatch {
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    queue: VecDeque<Queued>,
    free: VecDeque<(InstanceId, oneshot::Sender<Queued>)>,
    running: HashMap<String, Running>,
    instances: BTreeMap<InstanceId, Handle>,
}

/// An invocation without an instance.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) event: Bytes,
    reply: oneshot::Sender<Outcome>,
}

/// An invocation with one.
#[derive(Debug)]
struct Running {
    instance: InstanceId,
    answer: Awaiting,
    timer: AbortHandle,
}

/// What the caller has got so far.
#[derive(Debug)]
enum Awaiting {
    Nothing(oneshot::Sender<Outcome>),
    Rest(ChunkSender),
}

impl Dispatch {
    pub(super) fn new(timeout: Duration) -> Self {
        Self { timeout, state: Mutex::default() }
    }

    /// How long an invocation may take.
    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Hands an invocation to a free instance, or lets it wait for one.
    pub(super) fn enqueue(&self, event: Bytes) -> Result<oneshot::Receiver<Outcome>, LambdaError> {
        let (reply, answer) = oneshot::channel();
        let mut queued = Queued { event, reply };
        let mut state = self.lock();
        if state.stopped {
            return Err(LambdaError::Stopped);
        }
        while let Some((_, next)) = state.free.pop_front() {
            match next.send(queued) {
                Ok(()) => return Ok(answer),
                // That instance has gone.
                Err(returned) => queued = returned,
            }
        }
        state.queue.push_back(queued);
        Ok(answer)
    }

    /// An instance asks for work; the answer may take its time.
    pub(super) fn next(&self, instance: InstanceId) -> oneshot::Receiver<Queued> {
        let (next, work) = oneshot::channel();
        let mut state = self.lock();
        if !state.instances.contains_key(&instance) {
            return work;
        }
        match state.queue.pop_front() {
            // It cannot fail: `work` is still here.
            Some(queued) => drop(next.send(queued)),
            None => state.free.push_back((instance, next)),
        }
        work
    }

    /// An instance got an invocation, and the time starts to run. `None` if the instance has
    /// ended meanwhile: the invocation is dropped, and its caller queues it again.
    pub(super) fn begin(
        &self,
        instance: InstanceId,
        request_id: String,
        queued: Queued,
        timer: AbortHandle,
    ) -> Option<Bytes> {
        let mut state = self.lock();
        if !state.instances.contains_key(&instance) {
            timer.abort();
            return None;
        }
        let answer = Awaiting::Nothing(queued.reply);
        state.running.insert(request_id, Running { instance, answer, timer });
        Some(queued.event)
    }

    /// The instance begins to answer. `None` if it is not running this.
    pub(super) fn answer(
        &self,
        instance: InstanceId,
        request_id: &str,
        streamed: bool,
    ) -> Option<ChunkSender> {
        let mut state = self.lock();
        let running = state.running.get_mut(request_id).filter(|r| r.instance == instance)?;
        if !matches!(running.answer, Awaiting::Nothing(_)) {
            return None;
        }
        let (sender, chunks) = mpsc::unbounded_channel();
        let before = std::mem::replace(&mut running.answer, Awaiting::Rest(sender.clone()));
        if let Awaiting::Nothing(reply) = before {
            let _ = reply.send(Ok(Reply { streamed, instance, chunks: Chunks::new(chunks) }));
        }
        Some(sender)
    }

    /// The answer is complete.
    pub(super) fn finish(&self, request_id: &str) {
        if let Some(running) = self.lock().running.remove(request_id) {
            running.timer.abort();
        }
    }

    /// There will be no answer, or no more of it. Says whether anybody was still waiting.
    pub(super) fn fail(&self, request_id: &str, error: LambdaError) -> bool {
        let running = self.lock().running.remove(request_id);
        running.is_some_and(|running| {
            running.fail(error);
            true
        })
    }

    /// The oldest invocation in the queue will not get an instance.
    pub(super) fn fail_oldest(&self, error: LambdaError) {
        let oldest = self.lock().queue.pop_front();
        if let Some(queued) = oldest {
            let _ = queued.reply.send(Err(error));
        }
    }

    /// A new instance.
    pub(super) fn add(&self, instance: InstanceId, handle: Handle) {
        let mut state = self.lock();
        if state.stopped {
            handle.kill();
        }
        state.instances.insert(instance, handle);
    }

    /// An instance is no more, and what it was doing has failed.
    pub(super) fn remove(&self, instance: InstanceId, status: ExitStatus) {
        let mut state = self.lock();
        state.instances.remove(&instance);
        state.free.retain(|(free, _)| *free != instance);
        let failed: Vec<Running> = state
            .running
            .extract_if(|_, running| running.instance == instance)
            .map(|(_, running)| running)
            .collect();
        drop(state);
        for running in failed {
            running.fail(LambdaError::Ended { instance, status });
        }
    }

    /// Whether invocations wait that none of the instances will take, and there may be one more.
    pub(super) fn wants_instance(&self, most: usize) -> bool {
        let state = self.lock();
        let starting = state.instances.values().filter(|handle| handle.is_starting()).count();
        !state.stopped && state.queue.len() > starting && state.instances.len() < most
    }

    /// Sends SIGKILL; the receiver tells when it has happened.
    pub(super) fn kill(&self, instance: InstanceId) -> Option<Ended> {
        let state = self.lock();
        let handle = state.instances.get(&instance)?;
        handle.kill();
        Some(handle.ended())
    }

    /// An instance that runs something.
    pub(super) fn busy(&self) -> Option<InstanceId> {
        self.lock().running.values().map(|running| running.instance).min()
    }

    /// An instance that runs something, or any.
    pub(super) fn busiest(&self) -> Option<InstanceId> {
        self.busy().or_else(|| self.lock().instances.keys().next().copied())
    }

    pub(super) fn pids(&self) -> Vec<(InstanceId, u32)> {
        self.lock().instances.iter().map(|(id, handle)| (*id, handle.pid())).collect()
    }

    /// Ends everything.
    pub(super) fn stop(&self) -> Vec<Ended> {
        let mut state = self.lock();
        state.stopped = true;
        // Their callers see `Stopped`.
        state.queue.clear();
        state
            .instances
            .values()
            .map(|handle| {
                handle.kill();
                handle.ended()
            })
            .collect()
    }

    /// The state is whole between any two statements, so a panic elsewhere does no harm to it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn fail(self, error: LambdaError) {
        self.timer.abort();
        match self.answer {
            Awaiting::Nothing(reply) => drop(reply.send(Err(error))),
            Awaiting::Rest(chunks) => drop(chunks.send(Err(error))),
        }
    }
}
