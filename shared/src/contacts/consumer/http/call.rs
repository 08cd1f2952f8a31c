//! Attempts until there is an answer, or another one cannot help.

use std::error::Error as StdError;

use super::answer::Answer;
use super::consumer::HttpConsumer;
use super::request::Prepared;
use crate::contacts::consumer::{ConsumerError, Operation, Outage, Tenant};

impl HttpConsumer {
    /// Sends the request, again if that may help and cannot do harm.
    pub(super) async fn call(
        &self,
        tenant: &Tenant<'_>,
        operation: Operation,
        prepared: &Prepared,
    ) -> Result<Answer, ConsumerError> {
        let transport = &self.transport;
        let is_repeatable = operation != Operation::CreateContact || self.requests.idempotent;
        let mut retries = transport.policy.start();
        let mut refused = None;
        // Whether an earlier attempt may have been carried out.
        let mut is_uncertain = false;
        loop {
            let error = match self.attempt(tenant, operation, prepared, refused.as_deref()).await {
                Ok(answer) => return Ok(answer),
                // Its token is renewed once; nothing was done.
                Err((ConsumerError::Unauthorized { status: 401 }, Some(token)))
                    if refused.is_none() =>
                {
                    refused = Some(token);
                    continue;
                }
                Err((error, _)) => error,
            };
            let is_gone = operation == Operation::DeleteContact && is_uncertain;
            if is_gone && matches!(error, ConsumerError::NotFound) {
                return Ok(Answer::nothing());
            }
            is_uncertain |= error.may_have_happened();
            let may_repeat = error.is_retryable() && (is_repeatable || !is_uncertain);
            let left = transport.left(tenant);
            let pause = retries.next_pause(error.retry_after(), left, &transport.parts.random);
            let Some(pause) = pause.filter(|_| may_repeat) else {
                return Err(if is_uncertain { uncertain(operation, error) } else { error });
            };
            log(operation, &error);
            transport.parts.sleep.sleep(pause).await;
        }
    }

    /// One attempt, and the token it was made with.
    async fn attempt(
        &self,
        tenant: &Tenant<'_>,
        operation: Operation,
        prepared: &Prepared,
        refused: Option<&str>,
    ) -> Result<Answer, (ConsumerError, Option<String>)> {
        let transport = &self.transport;
        let proof = self.auth.proof(tenant, transport, &self.base, operation, refused).await;
        let proof = proof.map_err(|error| (error, None))?;
        let attempt = transport.attempt(tenant, operation, prepared, &proof.credential).await;
        let checked = attempt.and_then(|answer| {
            self.rules.check(operation, &answer)?;
            Ok(answer)
        });
        checked.map_err(|error| (error, proof.token))
    }
}

fn log(operation: Operation, error: &ConsumerError) {
    let operation = operation.as_str();
    tracing::info!(operation, error = error as &dyn StdError, "asking the service again");
}

/// The last attempt was not carried out, which says nothing of the ones before it. Nor does a
/// creation that is refused: the service may still be at an earlier attempt, and answers 409 until it
/// has ended
/// (<https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.6>).
/// Only one that is told which contact it has made, or was in the way, leaves no doubt.
fn uncertain(operation: Operation, error: ConsumerError) -> ConsumerError {
    let is_creation = operation == Operation::CreateContact;
    match error {
        ConsumerError::Unavailable { outage, retry_after, .. } => {
            ConsumerError::Unavailable { outage, retry_after, may_have_happened: true }
        }
        ConsumerError::Conflict { existing: Some(_) } | ConsumerError::Unreadable { .. } => error,
        error if is_creation || error.is_retryable() => ConsumerError::Unavailable {
            outage: Outage::Unknown,
            retry_after: error.retry_after(),
            may_have_happened: true,
        },
        refused => refused,
    }
}
