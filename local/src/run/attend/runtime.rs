//! The Runtime API, as far as it takes to refuse what comes
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

use std::env;

use bytes::Bytes;
use http::StatusCode;
use patchcord::ground::http::client;

use super::AttendError;
use super::refusal::Refusal;

/// Names an invocation.
const REQUEST_ID: &str = "lambda-runtime-aws-request-id";

/// The Runtime API of one function.
pub(super) struct RuntimeApi {
    client: reqwest::Client,
    base: String,
}

/// An event that waits for an answer.
pub(super) struct Invocation {
    id: String,
    pub(super) event: Bytes,
}

impl RuntimeApi {
    /// Where the function would look for it. cargo lambda names it with its scheme, Lambda without.
    pub(super) fn from_env() -> Result<Self, AttendError> {
        let address = env::var("AWS_LAMBDA_RUNTIME_API").map_err(|_| AttendError::NoRuntimeApi)?;
        let address = address.trim_start_matches("http://");
        let base = format!("http://{address}/2018-06-01/runtime/invocation");
        Ok(Self { client: client()?, base })
    }

    /// Waits for the next event, as long as it takes.
    pub(super) async fn next(&self) -> Result<Invocation, AttendError> {
        loop {
            let response = self.client.get(format!("{}/next", self.base)).send().await?;
            let response = response.error_for_status()?;
            if response.status() == StatusCode::NO_CONTENT {
                continue;
            }
            let id = response.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
            let id = id.ok_or(AttendError::NoInvocation)?.to_owned();
            return Ok(Invocation { id, event: response.bytes().await? });
        }
    }

    /// Answers one. Whoever asked may have gone, which is no error here.
    pub(super) async fn answer(
        &self,
        invocation: &Invocation,
        refusal: &Refusal,
    ) -> Result<(), AttendError> {
        let (path, body) = match refusal {
            Refusal::Response(body) => ("response", body),
            Refusal::Error(body) => ("error", body),
        };
        let url = format!("{}/{}/{path}", self.base, invocation.id);
        self.client.post(url).body(body.to_string()).send().await?;
        Ok(())
    }
}
