//! What can be invoked with messages.

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use patchcord::ground::http::{ExchangeError, exchange};

use crate::runtime_api::{Lambda, LambdaError};

/// The largest answer to an event, as AWS has it
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const MAX_ANSWER_BYTES: usize = 6 * 1024 * 1024;
/// Says, with a status of 200, that the function failed
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>).
const FUNCTION_ERROR: &str = "x-amz-function-error";

/// A function.
pub trait Invoke: Send + Sync + 'static {
    /// Invokes it with an event, and waits for its answer.
    fn invoke(&self, event: Bytes) -> impl Future<Output = Result<Bytes, InvokeError>> + Send;
}

/// There is no answer, or it is an error.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// An instance of ours failed.
    #[error(transparent)]
    Lambda(#[from] LambdaError),
    /// `cargo lambda watch` gave no answer.
    #[error("cargo lambda watch did not answer")]
    NoAnswer(#[from] ExchangeError),
    /// The function failed, or there is none of this name.
    #[error("the function {function} failed (status {status})")]
    Failed {
        /// Its name.
        function: String,
        /// What was answered.
        status: StatusCode,
    },
}

impl Invoke for Lambda {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        Ok(Self::invoke(self, event).await?.body)
    }
}

/// A function of `cargo lambda watch`
/// (<https://www.cargo-lambda.info/commands/watch.html>).
#[derive(Clone, Debug)]
pub struct WatchedFunction {
    client: reqwest::Client,
    name: String,
    url: String,
}

impl WatchedFunction {
    /// The function `name` of the one at `base`, such as `http://127.0.0.1:9000`.
    pub fn new(client: reqwest::Client, base: &str, name: &str) -> Self {
        let base = base.trim_end_matches('/');
        let url = format!("{base}/2015-03-31/functions/{name}/invocations");
        Self { client, name: name.to_owned(), url }
    }
}

impl Invoke for WatchedFunction {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        let request = self.client.post(&self.url).header(CONTENT_TYPE, "application/json");
        let answer = exchange(request.body(event), MAX_ANSWER_BYTES).await?;
        if answer.status.is_success() && !answer.headers.contains_key(FUNCTION_ERROR) {
            return Ok(answer.body.into());
        }
        Err(InvokeError::Failed { function: self.name.clone(), status: answer.status })
    }
}
