//! Whether a token is one of Botmatic's.

use http::{Method, StatusCode};

use super::answer::Answer;
use super::call::Call;
use super::client::BotmaticApi;
use super::error::ApiError;
use crate::ground::clock::Deadline;
use crate::ground::secret::Secret;

impl BotmaticApi {
    /// Whether Botmatic knows the token. That it cannot say is an error, and never a no.
    pub async fn validate_token(
        &self,
        token: &Secret,
        deadline: Deadline,
    ) -> Result<bool, ApiError> {
        let path = "integrationtokens/validate";
        let call = Call::new(Method::POST, path).form("token", token.expose());
        self.repeat(None, deadline, &call, verdict).await
    }
}

fn verdict(answer: Answer) -> Result<bool, ApiError> {
    let is_refusal = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let may_say_no = answer.status.is_success() || answer.status.is_client_error();
    let is_busy =
        matches!(answer.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    if is_refusal || (may_say_no && !is_busy && answer.says_no()) {
        return Ok(false);
    }
    let body = answer.check()?.json()?;
    let is_valid = body["success"].as_bool();
    is_valid.ok_or(ApiError::Unreadable { expected: "`success`, true or false" })
}
