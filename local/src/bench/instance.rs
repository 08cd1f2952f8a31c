//! One instance of a function, and what is sent to it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{
    BenchError,
    process::{self, Memory},
};
use crate::runtime_api::{Answer, Lambda, LambdaOptions, url_event};

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

/// Something to send, and what has to be in the answer.
#[derive(Debug)]
pub(super) struct Invocation {
    event: Bytes,
    expected: String,
}

impl Instance {
    /// Starts the function with these variables.
    pub(super) async fn start(binary: &Path, env: &[(&str, &str)]) -> Result<Self, BenchError> {
        Self::start_with_timeout(binary, env, TIMEOUT).await
    }

    /// The same with a function's timeout of one's own.
    pub(super) async fn start_with_timeout(
        binary: &Path,
        env: &[(&str, &str)],
        timeout: Duration,
    ) -> Result<Self, BenchError> {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let options =
            LambdaOptions { binary: binary.to_owned(), instances: 1, timeout, env: env.collect() };
        let lambda = Lambda::start(options).await?;
        let pid = lambda.instance_pids().first().map(|(_, pid)| *pid).unwrap_or_default();
        let start = lambda.start_times().first().copied().unwrap_or_default();
        Ok(Self { lambda, pid, start })
    }

    /// Sends it and waits for the whole answer. The time is from handing over the event to having
    /// the last byte of the answer; that the answer is right is checked after that.
    pub(super) async fn invoke(&self, invocation: Invocation) -> Result<Duration, BenchError> {
        Ok(self.answer(invocation).await?.1)
    }

    /// The same, with the answer.
    pub(super) async fn answer(
        &self,
        invocation: Invocation,
    ) -> Result<(Answer, Duration), BenchError> {
        let Invocation { event, expected } = invocation;
        let begun = Instant::now();
        let answer = self.lambda.invoke(event).await?;
        let took = begun.elapsed();
        check(&answer, expected)?;
        Ok((answer, took))
    }

    /// One after the other, each as soon as the one before is answered.
    pub(super) async fn series(
        &self,
        count: u32,
        mut invocation: impl FnMut(u32) -> Invocation,
    ) -> Result<Vec<Duration>, BenchError> {
        let mut times = Vec::new();
        for n in 0..count {
            times.push(self.invoke(invocation(n)).await?);
        }
        Ok(times)
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
    /// A request to the function's URL.
    pub(super) fn new(request: http::Result<Request<Bytes>>, expected: String) -> Self {
        // All requests here are well-formed; an empty one would get another answer.
        let event = url_event(&request.unwrap_or_default()).to_string().into();
        Self { event, expected }
    }

    /// An event of one's own.
    pub(super) fn of(event: &Value, expected: &str) -> Self {
        Self { event: event.to_string().into(), expected: expected.to_owned() }
    }
}

fn check(answer: &Answer, expected: String) -> Result<(), BenchError> {
    let answer = String::from_utf8_lossy(&answer.body);
    if answer.contains(&expected) {
        return Ok(());
    }
    Err(BenchError::WrongAnswer { expected, answer: answer.into_owned() })
}
