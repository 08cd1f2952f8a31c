//! HubSpot's signature version 3: the base64 of an HMAC-SHA256 with the app's client secret over
//! method, address, body and timestamp
//! (<https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method};
use ring::hmac;

use crate::contacts::push::PushError;
use crate::ground::clock::Timestamp;
use crate::ground::secret::Secret;

const SIGNATURE: &str = "x-hubspot-signature-v3";
/// When the request was made, in milliseconds.
const TIMESTAMP: &str = "x-hubspot-request-timestamp";
const TOLERANCE: Duration = Duration::from_mins(5);

/// What HubSpot decodes in the address before it signs it. Everything else stays as it is.
const DECODED: [(&str, char); 12] = [
    ("3A", ':'),
    ("2F", '/'),
    ("3F", '?'),
    ("40", '@'),
    ("21", '!'),
    ("24", '$'),
    ("27", '\''),
    ("28", '('),
    ("29", ')'),
    ("2A", '*'),
    ("2C", ','),
    ("3B", ';'),
];

/// Lets a request pass that HubSpot signed, and not long ago.
pub(super) fn verify(
    secret: &Secret,
    method: &Method,
    uri: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(), PushError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(signature), Some(made)) = (text(SIGNATURE), text(TIMESTAMP)) else {
        return Err(PushError::Unauthorized);
    };
    let millis: u64 = made.parse().map_err(|_| PushError::Unauthorized)?;
    let signature = STANDARD.decode(signature).map_err(|_| PushError::Unauthorized)?;
    let before = format!("{method}{}", decoded(uri));
    let signed = [before.as_bytes(), body, made.as_bytes()].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    hmac::verify(&key, &signed, &signature).map_err(|_| PushError::Unauthorized)?;
    let made = Timestamp::from_millis(millis);
    if now.since(made).max(made.since(now)) > TOLERANCE {
        return Err(PushError::Stale);
    }
    Ok(())
}

fn decoded(uri: &str) -> String {
    let mut pieces = uri.split('%');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.get(..2).unwrap_or_default();
        let listed = DECODED.iter().find(|(listed, _)| listed.eq_ignore_ascii_case(code));
        let (character, rest) = match listed {
            Some((listed, character)) => (*character, &piece[listed.len()..]),
            None => ('%', piece),
        };
        decoded.push(character);
        decoded.push_str(rest);
    }
    decoded
}
