//! What was asked of a stand-in: counted, and the latest of it one by one. Neither query nor body,
//! which hold contacts.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Serialize, Serializer};

/// How many of the latest requests are kept.
const LATEST: usize = 1_000;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// With this status.
    Status(u16),
    /// It was accepted and never answered.
    NoAnswer,
    /// The connection was closed before an effect.
    DroppedBefore,
    /// The connection was closed after the effect.
    DroppedAfter,
}

impl Serialize for Outcome {
    /// The status as a number; the others by name.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Status(status) => serializer.serialize_u16(*status),
            Self::NoAnswer => serializer.serialize_str("no answer"),
            Self::DroppedBefore => serializer.serialize_str("dropped before"),
            Self::DroppedAfter => serializer.serialize_str("dropped after"),
        }
    }
}

/// How often something was asked with one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Its method.
    pub method: String,
    /// Its path, with `{id}` for an id; `*` for a path that does not exist.
    pub path: String,
    /// How it ended.
    pub status: Outcome,
    /// How often.
    pub count: u64,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recent {
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// How it ended.
    pub status: Outcome,
}

/// All requests so far, as far as they have ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// By method, path and outcome.
    pub counts: Vec<Count>,
    /// The latest, oldest first.
    pub recent: Vec<Recent>,
    /// The most that were being answered at the same time.
    pub most_at_once: usize,
}

impl Requests {
    /// How many there were.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|counted| counted.count).sum()
    }

    /// How many of this method and path, the path with `{id}` for an id.
    pub fn count(&self, method: &str, path: &str) -> u64 {
        let is_it = |counted: &&Count| counted.method == method && counted.path == path;
        self.counts.iter().filter(is_it).map(|counted| counted.count).sum()
    }
}

/// Where they are counted.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestLog(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    counts: BTreeMap<(String, String, Outcome), u64>,
    recent: VecDeque<Recent>,
    running: usize,
    most_at_once: usize,
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Seen {
    log: RequestLog,
    method: String,
    path: String,
    route: String,
}

impl RequestLog {
    pub(super) fn begin(&self, method: String, path: String, route: Option<String>) -> Seen {
        let mut log = self.lock();
        log.running += 1;
        log.most_at_once = log.most_at_once.max(log.running);
        drop(log);
        Seen { log: self.clone(), method, path, route: route.unwrap_or_else(|| "*".to_owned()) }
    }

    pub(super) fn snapshot(&self) -> Requests {
        let log = self.lock();
        let counts = log.counts.iter().map(|((method, path, status), count)| Count {
            method: method.clone(),
            path: path.clone(),
            status: *status,
            count: *count,
        });
        Requests {
            counts: counts.collect(),
            recent: log.recent.iter().cloned().collect(),
            most_at_once: log.most_at_once,
        }
    }

    pub(super) fn reset(&self) {
        let mut log = self.lock();
        *log = Log { running: log.running, ..Log::default() };
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    pub(super) fn end(&self, status: Outcome) {
        let mut log = self.log.lock();
        *log.counts.entry((self.method.clone(), self.route.clone(), status)).or_default() += 1;
        if log.recent.len() == LATEST {
            log.recent.pop_front();
        }
        let (method, path) = (self.method.clone(), self.path.clone());
        log.recent.push_back(Recent { method, path, status });
    }
}

impl Drop for Seen {
    /// Also for a client that has gone.
    fn drop(&mut self) {
        self.log.lock().running -= 1;
    }
}
