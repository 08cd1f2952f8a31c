//! What can go wrong with an invocation.

use std::{error::Error, io, path::PathBuf, process::ExitStatus, time::Duration};

use super::InstanceId;

type BoxError = Box<dyn Error + Send + Sync>;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LambdaError {
    /// The port of the Runtime API cannot be had.
    #[error("cannot listen for the Runtime API")]
    Listen(#[source] io::Error),
    /// The binary cannot be run.
    #[error("cannot run {}", binary.display())]
    Spawn {
        /// The function.
        binary: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The instance ended before it asked for its first invocation.
    #[error("instance {instance} ended in init: {status}{}{stderr}", if stderr.is_empty() { "" } else { "\n" })]
    Init {
        /// Which one.
        instance: InstanceId,
        /// How it ended, or what it reported to `/init/error`.
        status: String,
        /// The last it said.
        stderr: String,
    },
    /// The instance neither asked for an invocation nor ended.
    #[error("instance {instance} is still in init after {} ms", waited.as_millis())]
    InitTimeout {
        /// Which one.
        instance: InstanceId,
        /// How long it had.
        waited: Duration,
    },
    /// The function reported an error for this invocation.
    #[error("the function failed: {error_type}: {message}")]
    Function {
        /// `errorType` of its report.
        error_type: String,
        /// `errorMessage` of its report.
        message: String,
    },
    /// The instance ended, or was killed, in the middle of this invocation.
    #[error("instance {instance} ended in the middle of an invocation: {status}")]
    Ended {
        /// Which one.
        instance: InstanceId,
        /// How.
        status: ExitStatus,
    },
    /// The function ran past its deadline; its instance was killed.
    #[error("the function timed out after {} ms", after.as_millis())]
    TimedOut {
        /// The time it had.
        after: Duration,
    },
    /// The instance closed the connection in the middle of a streamed answer.
    #[error("the answer was cut short")]
    CutShort(#[source] BoxError),
    /// The answer is not what a function URL expects.
    #[error("not an HTTP answer")]
    NotHttp(#[source] BoxError),
    /// There is no such instance any more.
    #[error("there is no instance {instance}")]
    NoInstance {
        /// The number asked for.
        instance: InstanceId,
    },
    /// [`super::Lambda::stop`] was called.
    #[error("the function has been stopped")]
    Stopped,
}
