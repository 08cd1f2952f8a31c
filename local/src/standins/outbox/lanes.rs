//! Messages wait in lanes, one for each contact; each lane is emptied by a task of its own.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use patchcord::ground::http;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
    task::JoinSet,
    time::sleep,
};

use super::{
    Delivery, DeliveryFaults, Ending, Message, OutboxSnapshot,
    deliver::{Courier, Delivered},
    faults::Luck,
};
use crate::standins::{Retry, StandinError};

/// How many of the latest deliveries are kept.
const LATEST: usize = 1_000;

/// A tenant and a contact.
type Lane = (String, String);

/// The outbox. What is on its way ends when it is dropped.
pub(in crate::standins) struct Outbox {
    shared: Arc<Shared>,
    /// The tasks that empty lanes, on the runtime that the stand-in was started on.
    tasks: Mutex<JoinSet<()>>,
    runtime: Handle,
}

struct Shared {
    courier: Courier,
    state: Mutex<State>,
    waiting: watch::Sender<usize>,
    paused: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    lanes: HashMap<Lane, VecDeque<Queued>>,
    faults: DeliveryFaults,
    /// The number of the latest message.
    latest: u64,
    /// Grows with each reset; what is older is not tried again.
    epoch: u64,
    ended: OutboxSnapshot,
    recent: VecDeque<Delivery>,
}

struct Queued {
    number: u64,
    epoch: u64,
    luck: Luck,
    message: Message,
}

/// What a lane's task does next.
enum Step {
    Deliver(Box<Queued>),
    /// For the message that is to overtake the first.
    Wait(Duration),
    End,
}

impl Outbox {
    pub(in crate::standins) fn new(retry: Retry) -> Result<Self, StandinError> {
        let permits = Semaphore::new(retry.at_once);
        let courier = Courier { client: http::client()?, retry, permits };
        let shared = Shared {
            courier,
            state: Mutex::default(),
            waiting: watch::Sender::new(0),
            paused: watch::Sender::new(false),
        };
        Ok(Self { shared: Arc::new(shared), tasks: Mutex::default(), runtime: Handle::current() })
    }

    /// Takes a message; does not wait.
    pub(in crate::standins) fn send(&self, message: Message) {
        let lane = (message.tenant.clone(), message.contact.clone());
        let mut state = self.shared.lock();
        state.latest += 1;
        let (number, epoch) = (state.latest, state.epoch);
        let queued = Queued { number, epoch, luck: state.faults.luck(number), message };
        self.shared.waiting.send_modify(|waiting| *waiting += 1);
        let is_new = !state.lanes.contains_key(&lane);
        state.lanes.entry(lane.clone()).or_default().push_back(queued);
        drop(state);
        if is_new {
            let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            while tasks.try_join_next().is_some() {}
            tasks.spawn_on(empty(Arc::clone(&self.shared), lane), &self.runtime);
        }
    }

    /// Returns once every message has ended.
    pub(in crate::standins) async fn idle(&self) {
        // It cannot fail: the sender is here.
        let _ = self.shared.waiting.subscribe().wait_for(|waiting| *waiting == 0).await;
    }

    /// Holds messages back, or lets them go.
    pub(in crate::standins) fn pause(&self, paused: bool) {
        self.shared.paused.send_replace(paused);
    }

    /// Ends what is on its way.
    pub(in crate::standins) fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// For the messages to come.
    pub(in crate::standins) fn set_faults(&self, faults: DeliveryFaults) {
        self.shared.lock().faults = faults;
    }

    pub(in crate::standins) fn faults(&self) -> DeliveryFaults {
        self.shared.lock().faults
    }

    pub(in crate::standins) fn snapshot(&self) -> OutboxSnapshot {
        let (waiting, paused) = (*self.shared.waiting.borrow(), *self.shared.paused.borrow());
        let state = self.shared.lock();
        let recent = state.recent.iter().cloned().collect();
        OutboxSnapshot { waiting, paused, recent, ..state.ended.clone() }
    }

    /// Forgets what waits; what is being sent is not tried again.
    pub(in crate::standins) fn reset(&self) {
        let mut state = self.shared.lock();
        let dropped: usize = state.lanes.values_mut().map(|lane| lane.drain(..).count()).sum();
        let (lanes, epoch) = (std::mem::take(&mut state.lanes), state.epoch + 1);
        *state = State { lanes, epoch, ..State::default() };
        self.shared.waiting.send_modify(|waiting| *waiting -= dropped);
        self.shared.paused.send_replace(false);
    }
}

/// Delivers what is in a lane, one after the other.
async fn empty(shared: Arc<Shared>, lane: Lane) {
    let mut paused = shared.paused.subscribe();
    let mut patient = true;
    loop {
        let _ = paused.wait_for(|paused| !*paused).await;
        match shared.next(&lane, patient) {
            Step::Wait(patience) => {
                sleep(patience).await;
                patient = false;
            }
            Step::Deliver(queued) => {
                patient = true;
                let is_wanted = || shared.lock().epoch == queued.epoch;
                let ended = shared.courier.deliver(&queued.message, queued.luck, is_wanted).await;
                shared.end(*queued, &ended);
            }
            Step::End => return,
        }
    }
}

impl Shared {
    fn next(&self, lane: &Lane, patient: bool) -> Step {
        let mut state = self.lock();
        let Some(queue) = state.lanes.get_mut(lane) else { return Step::End };
        match (queue.front().and_then(|first| first.luck.reorder), queue.len()) {
            (Some(patience), 1) if patient => return Step::Wait(patience),
            (Some(_), 2..) => {
                // Overtaken once is enough.
                queue[0].luck.reorder = None;
                queue.swap(0, 1);
                queue[0].luck.reorder = None;
            }
            _ => {}
        }
        if let Some(queued) = queue.pop_front() {
            return Step::Deliver(Box::new(queued));
        }
        // Under the lock: whoever sends next finds no lane, and makes one with its task.
        state.lanes.remove(lane);
        Step::End
    }

    fn end(&self, queued: Queued, delivered: &Delivered) {
        let mut state = self.lock();
        if state.epoch == queued.epoch {
            match delivered.ending {
                Ending::Delivered => state.ended.delivered += 1,
                Ending::Refused => state.ended.refused += 1,
                Ending::GivenUp => state.ended.given_up += 1,
            }
            if state.recent.len() == LATEST {
                state.recent.pop_front();
            }
            state.recent.push_back(Delivery {
                number: queued.number,
                tenant: queued.message.tenant,
                contact: queued.message.contact,
                about: queued.message.about,
                ending: delivered.ending,
                attempts: delivered.attempts,
                status: delivered.status,
            });
        }
        drop(state);
        self.waiting.send_modify(|waiting| *waiting -= 1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
