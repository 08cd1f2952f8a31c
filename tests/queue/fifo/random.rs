//! Any number of senders and receivers, who repeat themselves, fail and die: of each group, every
//! message is handled once, in the order in which it was sent, and no group waits for another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use patchcord::ground::clock::{Clock as _, ManualClock, Timestamp};
use patchcord::ground::random::Random;
use patchcord_local::queue::{NewMessage, QueueAttributes, Queues, Receive, Received};

use crate::setup::{START, TIMEOUT};

const QUEUE: &str = "worker.fifo";
const GROUPS: [&str; 5] = ["a", "b", "c", "d", "e"];
const RECEIVERS: usize = 4;
const STEPS: usize = 600;
/// A duplicate is sent within this time of the first.
const DUPLICATES: Duration = Duration::from_mins(5);

/// Somebody who works on a batch.
#[derive(Default)]
struct Receiver {
    batch: VecDeque<Received>,
    /// Groups of which a message failed: the rest of them is not touched.
    failed: BTreeSet<String>,
    /// From then on others may have the messages.
    until: Option<Timestamp>,
}

struct World {
    rng: Rng,
    queues: Arc<Queues>,
    clock: Arc<ManualClock>,
    receivers: Vec<Receiver>,
    /// What was sent to each group, and when for the first time.
    sent: BTreeMap<&'static str, Vec<(String, Timestamp)>>,
    /// How many of each group were handled.
    handled: BTreeMap<String, usize>,
    /// Until when nobody receives a message that is not handled.
    hidden: BTreeMap<String, Timestamp>,
}

#[tokio::test]
async fn each_group_is_handled_once_and_in_order() {
    for seed in 0..100 {
        println!("seed {seed}");
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step().await;
        }
        world.finish().await;
    }
}

impl World {
    fn new(seed: u64) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let queues = Queues::new("eu-west-1", Arc::clone(&clock) as _, Random::seeded(seed));
        queues.create(QUEUE, QueueAttributes::fifo()).unwrap();
        Self {
            rng: Rng::with_seed(seed),
            queues,
            clock,
            receivers: (0..RECEIVERS).map(|_| Receiver::default()).collect(),
            sent: GROUPS.map(|group| (group, Vec::new())).into(),
            handled: GROUPS.map(|group| (group.to_owned(), 0)).into(),
            hidden: BTreeMap::new(),
        }
    }

    async fn step(&mut self) {
        let who = self.rng.usize(..RECEIVERS);
        match self.rng.u32(..20) {
            0..5 => self.send(),
            5..7 => self.send_again(),
            7..11 if self.receivers[who].batch.is_empty() => self.receive(who).await,
            7..17 => self.work(who, true),
            // It dies, with all that it has.
            17 => self.receivers[who] = Receiver::default(),
            _ => self.clock.advance(Duration::from_millis(self.rng.u64(..8_000))),
        }
    }

    fn send(&mut self) {
        let group = GROUPS[self.rng.usize(..GROUPS.len())];
        let sent = self.sent.get_mut(group).unwrap();
        let body = format!("{group}{}", sent.len());
        sent.push((body.clone(), self.clock.now()));
        self.queues.send(QUEUE, NewMessage::in_group(&body, group, &body)).unwrap();
    }

    /// Any message, whatever became of it.
    fn send_again(&mut self) {
        let group = GROUPS[self.rng.usize(..GROUPS.len())];
        let now = self.clock.now();
        let recent = self.sent[group].iter().filter(|(_, at)| now < *at + DUPLICATES);
        if let Some((body, _)) = self.rng.choice(recent.collect::<Vec<_>>()) {
            self.queues.send(QUEUE, NewMessage::in_group(body, group, body)).unwrap();
        }
    }

    async fn receive(&mut self, who: usize) {
        let now = self.clock.now();
        let free = GROUPS.into_iter().filter(|group| {
            let next = self.sent[group].get(self.handled[*group]);
            next.is_some_and(|(body, _)| self.hidden.get(body).is_none_or(|until| now >= *until))
        });
        let free: BTreeSet<_> = free.collect();
        let receive = Receive {
            max: self.rng.usize(1..=10),
            visibility_timeout: None,
            wait: Some(Duration::ZERO),
        };
        let received = self.queues.receive(QUEUE, receive).await.unwrap();
        assert_eq!(received.is_empty(), free.is_empty(), "{free:?}: {received:?}");
        let mut ahead: BTreeMap<&str, usize> = BTreeMap::new();
        for message in &received {
            let group = message.group.as_deref().unwrap();
            assert!(free.contains(group), "{group} is held up: {received:?}");
            let place = ahead.entry(group).or_insert(self.handled[group]);
            let (expected, _) = &self.sent[group][*place];
            assert_eq!(&message.body, expected, "the next of {group}: {received:?}");
            *place += 1;
            self.hidden.insert(message.body.clone(), now + TIMEOUT);
        }
        let (batch, failed, until) = (received.into(), BTreeSet::new(), Some(now + TIMEOUT));
        self.receivers[who] = Receiver { batch, failed, until };
    }

    /// One message of the batch, while the receiver has it.
    fn work(&mut self, who: usize, may_fail: bool) {
        let Receiver { batch, failed, until } = &mut self.receivers[who];
        let Some(message) = batch.pop_front() else { return };
        let group = message.group.clone().unwrap();
        let is_late = until.is_none_or(|until| self.clock.now() >= until);
        if is_late || failed.contains(&group) {
            return;
        }
        if may_fail && self.rng.u32(..5) == 0 {
            failed.insert(group);
            return;
        }
        self.queues.delete(QUEUE, &message.receipt_handle).unwrap();
        *self.handled.get_mut(&group).unwrap() += 1;
    }

    /// Nobody fails any more.
    async fn finish(&mut self) {
        let sent: usize = self.sent.values().map(Vec::len).sum();
        for _ in 0..=sent {
            self.clock.advance(TIMEOUT);
            self.receive(0).await;
            while !self.receivers[0].batch.is_empty() {
                self.work(0, false);
            }
        }
        for (group, sent) in &self.sent {
            assert_eq!(self.handled[*group], sent.len(), "{group}");
        }
    }
}
