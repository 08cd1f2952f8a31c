//! Lambda's Runtime API, for tests and benchmarks: runs real instances of a function's binary and
//! invokes them as Lambda does. No cargo-lambda in between, so deadlines are true, instances can be
//! killed, and nothing but the function is measured.
//!
//! One invocation at a time per instance; an invocation waits in a queue until an instance is free;
//! an instance that ended is replaced on demand; one that runs past its deadline is killed.
//!
//! Follows <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html> and, for streamed
//! answers, <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html>.

mod answer;
mod dispatch;
mod error;
mod function_url;
mod instance;
mod lambda;
mod logs;
mod prelude;
mod server;
mod url_event;

pub use answer::{Answer, Chunks};
pub use error::LambdaError;
pub use function_url::HttpStream;
pub use lambda::{Lambda, LambdaOptions};
pub use logs::{LogLine, Stream};
pub use url_event::url_event;

/// Counts the instances of one [`Lambda`] from 1; a replacement has a new number.
pub type InstanceId = u64;
