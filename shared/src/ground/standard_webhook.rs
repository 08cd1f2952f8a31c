//! Signatures of the Standard Webhooks specification, for requests that come in and that go out.
//!
//! Rules: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
//! (version 1.0.0), the symmetric scheme `v1`. Headers are `webhook-id`, `webhook-timestamp` in
//! seconds, and `webhook-signature`: `v1,` and the base64 of an HMAC-SHA256 over
//! `id.timestamp.body`, several separated by spaces while a key is being replaced.

#[cfg(test)]
mod tests;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::InvalidHeaderValue;
use http::{HeaderMap, HeaderValue};
use ring::hmac::{HMAC_SHA256, Key, sign, verify};

use crate::ground::clock::Timestamp;

/// The event's id: the same whenever the request is repeated.
pub const ID: &str = "webhook-id";
/// When the request was made, in seconds.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The signatures.
pub const SIGNATURE: &str = "webhook-signature";

/// How far the timestamp may be from our time, before and after. The specification's libraries
/// have the same.
pub const TOLERANCE: Duration = Duration::from_mins(5);

const PREFIX: &str = "whsec_";
const MIN_KEY_BYTES: usize = 24;
const VERSION: &str = "v1";
/// So many signatures of a request are looked at: each costs a hash of the body, and nobody
/// replaces more keys at once.
const MAX_SIGNATURES: usize = 8;

/// The key that both sides have. It has no `Debug`.
#[derive(Clone)]
pub struct WebhookKey(Key);

/// A text is no key. It is not shown: it may be one for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `{PREFIX}` and the base64 of at least {MIN_KEY_BYTES} random bytes")]
pub struct InvalidKey;

/// Why a request is refused. What the signature should have been is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The headers are not all there, or no signature is right.
    #[error("expected `{ID}`, `{TIMESTAMP}` and a `{SIGNATURE}` that fits the body")]
    Unsigned,
    /// The signature is right, and the request was made at another time.
    #[error("expected a `{TIMESTAMP}` within {} s of now", TOLERANCE.as_secs())]
    Stale,
}

impl WebhookKey {
    /// The key that `text` is, with or without `whsec_`.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let encoded = text.strip_prefix(PREFIX).unwrap_or(text);
        let key = STANDARD.decode(encoded).map_err(|_| InvalidKey)?;
        if key.len() < MIN_KEY_BYTES {
            return Err(InvalidKey);
        }
        Ok(Self(Key::new(HMAC_SHA256, &key)))
    }

    /// The value of `webhook-signature` for a request made at `at`. The id must have no full stop,
    /// because those separate what is signed.
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        let signed = signed(id, &at.as_secs().to_string(), body);
        format!("{VERSION},{}", STANDARD.encode(sign(&self.0, &signed)))
    }

    /// The three headers of a request made at `at`. Refused is an id that no header can have.
    pub fn headers(
        &self,
        id: &str,
        at: Timestamp,
        body: &[u8],
    ) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut signature = HeaderValue::try_from(self.sign(id, at, body))?;
        signature.set_sensitive(true);
        let mut headers = HeaderMap::with_capacity(3);
        headers.insert(ID, HeaderValue::from_str(id)?);
        headers.insert(TIMESTAMP, HeaderValue::from(at.as_secs()));
        headers.insert(SIGNATURE, signature);
        Ok(headers)
    }

    /// Lets a request pass if one of its signatures is right and it was made not long ago.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), WebhookError> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(id), Some(made), Some(signatures)) = (text(ID), text(TIMESTAMP), text(SIGNATURE))
        else {
            return Err(WebhookError::Unsigned);
        };
        let seconds: u64 = made.parse().map_err(|_| WebhookError::Unsigned)?;
        let signed = signed(id, made, body);
        let is_ours = |signature: &str| {
            let encoded = signature.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix(','));
            let tag = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
            tag.is_some_and(|tag| verify(&self.0, &signed, &tag).is_ok())
        };
        if !signatures.split(' ').take(MAX_SIGNATURES).any(is_ours) {
            return Err(WebhookError::Unsigned);
        }
        if now.as_secs().abs_diff(seconds) > TOLERANCE.as_secs() {
            return Err(WebhookError::Stale);
        }
        Ok(())
    }
}

fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [format!("{id}.{timestamp}.").as_bytes(), body].concat()
}
