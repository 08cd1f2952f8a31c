//! Invocations with JSON, answered with JSON.

use std::error::Error;
use std::sync::Arc;

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde_json::Value;

use crate::app::setup::StartError;
use crate::ground::clock::{Clock, Deadline, Timestamp};
use crate::ground::telemetry::Chain;

/// Answers invocations until the process ends. Failed ones are of the type `error_type`.
pub(super) async fn invocations<F, R, E>(
    clock: Arc<dyn Clock>,
    error_type: &'static str,
    handle: impl Fn(Value, Deadline) -> F,
) -> Result<(), StartError>
where
    F: Future<Output = Result<R, E>>,
    R: Serialize,
    E: Error + 'static,
{
    let answer = |event: LambdaEvent<Value>| {
        let deadline = Timestamp::from_millis(event.context.deadline);
        let answer = Box::pin(handle(event.payload, Deadline::at(deadline, clock.now())));
        async move {
            answer.await.map_err(|error| {
                let error_message = Chain(&error).to_string();
                tracing::error!(error = error_message, "the invocation failed");
                Diagnostic { error_type: error_type.to_owned(), error_message }
            })
        }
    };
    lambda_runtime::run(service_fn(answer)).await.map_err(StartError::Runtime)
}
