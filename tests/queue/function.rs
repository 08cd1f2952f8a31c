//! A function that does what a test says, for the event source mapping to invoke.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::StatusCode;
use patchcord_local::queue::{Invoke, InvokeError};
use patchcord_tests::wait::in_time;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

type Answer = dyn Fn(&Value) -> Result<Value, InvokeError> + Send + Sync;

/// A function that remembers its events.
pub struct Function {
    pub events: Mutex<Vec<Value>>,
    /// How many it has answered.
    answered: watch::Sender<usize>,
    answer: Box<Answer>,
    /// Events that may be answered.
    pub gate: Semaphore,
    pub running: AtomicUsize,
    pub most: AtomicUsize,
}

impl Function {
    pub fn new(
        answer: impl Fn(&Value) -> Result<Value, InvokeError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            events: Mutex::default(),
            answered: watch::Sender::new(0),
            answer: Box::new(answer),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    /// Answers as many events as permits are added to its gate.
    pub fn gated(
        answer: impl Fn(&Value) -> Result<Value, InvokeError> + Send + Sync + 'static,
    ) -> Self {
        Self { gate: Semaphore::new(0), ..Self::new(answer) }
    }

    pub async fn answered(&self, count: usize) {
        let mut answered = self.answered.subscribe();
        let enough = answered.wait_for(|answered| *answered >= count);
        in_time(enough).await.unwrap();
    }

    /// The first event, with null for what is random in its first record.
    pub fn event(&self) -> Value {
        let mut event = self.events.lock().unwrap()[0].clone();
        let record = &mut event["Records"][0];
        for random in ["messageId", "receiptHandle"] {
            assert!(!record[random].take().as_str().unwrap().is_empty(), "{random}");
        }
        let sender = record["attributes"]["SenderId"].take();
        assert!(sender.is_string(), "{sender}");
        event
    }

    /// The bodies of each event.
    pub fn bodies(&self) -> Vec<Vec<String>> {
        let events = self.events.lock().unwrap();
        events.iter().map(|event| bodies(event).into_keys().collect()).collect()
    }
}

/// Bodies and the ids of their messages.
pub fn bodies(event: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let records = event["Records"].as_array().unwrap().iter();
    records.map(|record| (text(&record["body"]), text(&record["messageId"]))).collect()
}

impl Invoke for Function {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        let event = serde_json::from_slice(&event).unwrap();
        let answer = (self.answer)(&event);
        self.events.lock().unwrap().push(event);
        self.gate.acquire().await.unwrap().forget();
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.answered.send_modify(|answered| *answered += 1);
        answer.map(|answer| answer.to_string().into())
    }
}

pub fn failure() -> InvokeError {
    let function = "contact-import".to_owned();
    InvokeError::Failed { function, status: StatusCode::INTERNAL_SERVER_ERROR }
}
