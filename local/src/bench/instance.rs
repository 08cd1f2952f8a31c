//! One instance of the function, and what is sent to it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{
    BenchError,
    process::{self, Memory},
};
use crate::{
    runtime_api::{Answer, Lambda, LambdaOptions, url_event},
    tables::Table,
};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bench/patchcord.yaml");
/// Far longer than anything takes here.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running instance.
#[derive(Debug)]
pub(super) struct Instance {
    lambda: Lambda,
    pid: u32,
    /// From exec to the first `/next`.
    pub(super) start: Duration,
}

/// Something to send, and what to look for in the answer.
#[derive(Debug)]
pub(super) struct Invocation {
    event: Bytes,
    expected: String,
}

impl Instance {
    /// Starts the function on the DynamoDB at `endpoint`.
    pub(super) async fn start(binary: &Path, endpoint: String) -> Result<Self, BenchError> {
        let env = [
            ("DYNAMODB_ENDPOINT", endpoint.as_str()),
            (Table::CONVERSATIONS_VARIABLE, Table::CONVERSATIONS),
            ("PATCHCORD_CONFIG", CONFIG),
            ("PATCHCORD_LOCAL", "1"),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let options =
            LambdaOptions { binary: binary.to_owned(), instances: 1, timeout: TIMEOUT, env };
        let lambda = Lambda::start(options).await?;
        let pid = lambda.instance_pids().first().map(|(_, pid)| *pid).unwrap_or_default();
        let start = lambda.start_times().first().copied().unwrap_or_default();
        Ok(Self { lambda, pid, start })
    }

    /// Sends it and waits for the whole answer. The time is from handing over the event to having
    /// the last byte of the answer; that the answer is right is checked after that.
    pub(super) async fn invoke(&self, invocation: Invocation) -> Result<Duration, BenchError> {
        let Invocation { event, expected } = invocation;
        let begun = Instant::now();
        let answer = self.lambda.invoke(event).await?;
        let took = begun.elapsed();
        check(&answer, expected)?;
        Ok(took)
    }

    pub(super) fn memory(&self) -> Result<Memory, BenchError> {
        process::memory(self.pid)
    }

    pub(super) fn cpu_time(&self) -> Result<Duration, BenchError> {
        process::cpu_time(self.pid)
    }

    pub(super) async fn stop(self) {
        self.lambda.stop().await;
    }
}

impl Invocation {
    /// The health route of the channel: a request that neither the bot nor the store sees.
    pub(super) fn health() -> Self {
        let request = Request::get("https://example.com/webhooks/rest/").body(Bytes::new());
        Self::new(request, r#"{"status":"ok"}"#.to_owned())
    }

    /// The message of `sender` that the echo bot answers with this `count`.
    pub(super) fn message(sender: &str, count: u32) -> Self {
        Self::post(&json!({ "sender": sender, "message": "hello" }), count)
    }

    /// The same with an id by which it is recognised when it comes again.
    pub(super) fn message_with_id(sender: &str, count: u32) -> Self {
        let id = format!("{sender}-{count}");
        Self::post(&json!({ "sender": sender, "message": "hello", "message_id": id }), count)
    }

    fn post(body: &Value, count: u32) -> Self {
        let request = Request::post("https://example.com/webhooks/rest/webhook")
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()));
        Self::new(request, format!(r#""text":"{count}: hello""#))
    }

    fn new(request: http::Result<Request<Bytes>>, expected: String) -> Self {
        // The requests above are well-formed; an empty one would be answered 404.
        let event = url_event(&request.unwrap_or_default()).to_string().into();
        Self { event, expected }
    }
}

fn check(answer: &Answer, expected: String) -> Result<(), BenchError> {
    let answer = String::from_utf8_lossy(&answer.body);
    if answer.contains(&expected) {
        return Ok(());
    }
    Err(BenchError::WrongAnswer { expected, answer: answer.into_owned() })
}
