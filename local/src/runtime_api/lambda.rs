//! The handle of a test or benchmark: start, invoke, kill, stop.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;

use super::{
    Answer, InstanceId, LambdaError, LogLine,
    answer::Reply,
    dispatch::Dispatch,
    instance::{self, Start},
    logs::Logs,
};

/// What to run, and how.
#[derive(Debug, Clone)]
pub struct LambdaOptions {
    /// The function: anything that speaks the Runtime API.
    pub binary: PathBuf,
    /// How many instances there are, at most; as many are started at once.
    pub instances: usize,
    /// The function's timeout. An instance that runs longer is killed.
    pub timeout: Duration,
    /// Variables of the function, besides Lambda's own. They win over those.
    pub env: Vec<(String, String)>,
}

/// A function with its instances. Dropping it kills them.
#[derive(Debug)]
pub struct Lambda {
    shared: Arc<Shared>,
}

/// What the handle, the servers and the watchers of the instances have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: LambdaOptions,
    pub(super) dispatch: Dispatch,
    pub(super) logs: Logs,
    pub(super) starts: Mutex<Vec<Duration>>,
    /// The number of the latest instance.
    pub(super) latest: AtomicU64,
}

impl Lambda {
    /// Starts the instances and waits until each asks for an invocation.
    pub async fn start(options: LambdaOptions) -> Result<Self, LambdaError> {
        let lambda = Self {
            shared: Arc::new(Shared {
                dispatch: Dispatch::new(options.timeout),
                options,
                logs: Logs::default(),
                starts: Mutex::default(),
                latest: AtomicU64::new(0),
            }),
        };
        let instances = lambda.shared.options.instances;
        let starts: Result<Vec<Start>, _> =
            (0..instances).map(|_| instance::start(&lambda.shared)).collect();
        for start in starts? {
            start.ready().await?;
        }
        Ok(lambda)
    }

    /// Invokes the function with an event, as JSON, and waits for the whole answer.
    pub async fn invoke(&self, event: impl Into<Bytes>) -> Result<Answer, LambdaError> {
        self.reply(event.into()).await?.collect().await
    }

    /// Invokes the function and waits for the beginning of its answer.
    pub(super) async fn reply(&self, event: Bytes) -> Result<Reply, LambdaError> {
        loop {
            let reply = self.shared.dispatch.enqueue(event.clone())?;
            self.shared.start_missing();
            // Nobody answered: the instance that was to get it ended before it did. Again, then.
            if let Ok(reply) = reply.await {
                return reply;
            }
        }
    }

    /// Kills an instance with SIGKILL and waits for its end. The next invocation that finds no free
    /// instance starts a new one.
    pub async fn kill(&self, instance: InstanceId) -> Result<(), LambdaError> {
        let ended = self.shared.dispatch.kill(instance);
        ended.ok_or(LambdaError::NoInstance { instance })?.wait().await;
        Ok(())
    }

    /// Kills one instance: one in the middle of an invocation if there is any, or else the one with
    /// the lowest number. Says which.
    pub async fn kill_one(&self) -> Option<InstanceId> {
        let instance = self.shared.dispatch.busiest()?;
        self.kill(instance).await.ok().map(|()| instance)
    }

    /// Kills one instance in the middle of an invocation, if there is any. Says which.
    pub async fn kill_busy(&self) -> Option<InstanceId> {
        let instance = self.shared.dispatch.busy()?;
        self.kill(instance).await.ok().map(|()| instance)
    }

    /// The processes that are running.
    pub fn instance_pids(&self) -> Vec<(InstanceId, u32)> {
        self.shared.dispatch.pids()
    }

    /// How many instances were started so far, replacements included.
    pub fn instances_started(&self) -> u64 {
        self.shared.latest.load(Ordering::Relaxed)
    }

    /// From exec to the first `/next`, of every instance that came so far.
    pub fn start_times(&self) -> Vec<Duration> {
        self.shared.starts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the instances printed; the newest 8 MB.
    pub fn logs(&self) -> Vec<LogLine> {
        self.shared.logs.all()
    }

    /// Kills the instances and waits for their end. Whoever waits for an answer gets an error.
    pub async fn stop(self) {
        for ended in self.shared.dispatch.stop() {
            ended.wait().await;
        }
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        drop(self.shared.dispatch.stop());
    }
}

impl Shared {
    /// Starts an instance if there are invocations that no instance will take, and room for one.
    pub(super) fn start_missing(self: &Arc<Self>) {
        if !self.dispatch.wants_instance(self.options.instances) {
            return;
        }
        match instance::start(self) {
            Ok(start) => {
                let shared = Arc::clone(self);
                tokio::spawn(async move {
                    if let Err(error) = start.ready().await {
                        shared.dispatch.fail_oldest(error);
                        shared.start_missing();
                    }
                });
            }
            Err(error) => self.dispatch.fail_oldest(error),
        }
    }
}
