//! How Slack proves that a request comes from it
//! (<https://docs.slack.dev/authentication/verifying-requests-from-slack>).

use crate::chat::{RequestError, WebhookRequest};
use crate::connectors::signature::{SigningKey, is_recent};
use crate::ground::clock::Timestamp;

const SIGNATURE: &str = "x-slack-signature";
const TIMESTAMP: &str = "x-slack-request-timestamp";
/// What stands before the signature, and is signed before the time: the version of the scheme.
const PREFIX: &str = "v0=";
const VERSION: &[u8] = b"v0:";

/// Lets a request pass that Slack has signed with the channel's secret, and just now.
pub(super) fn verify(
    key: &SigningKey,
    request: &WebhookRequest,
    now: Timestamp,
) -> Result<(), RequestError> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let (made, signature) = (header(TIMESTAMP), header(SIGNATURE));
    let signature = signature.and_then(|signature| signature.strip_prefix(PREFIX));
    let is_right = made.zip(signature).is_some_and(|(made, signature)| {
        let parts = [VERSION, made.as_bytes(), b":", request.body()];
        key.verify(&parts, signature) && is_recent(made, now)
    });
    if is_right {
        return Ok(());
    }
    Err(RequestError::unauthorized("expected a request that Slack has signed, and just now"))
}
