//! Proofs of who sent a request, made without the code that checks them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use patchcord::ground::hex::hex;
use ring::hmac::{HMAC_SHA256, Key, sign};

/// The HMAC-SHA256 of `signed`.
fn hmac_sha256(key: &[u8], signed: &str) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), signed.as_bytes()).as_ref().to_vec()
}

/// The same of a key that is text, in hexadecimal.
pub fn hex_hmac_sha256(key: &str, signed: &str) -> String {
    hex(hmac_sha256(key.as_bytes(), signed))
}

/// The `webhook-signature` of a Standard Webhook, with a key that begins with `whsec_`.
pub fn standard_webhook(key: &str, id: &str, seconds: u64, body: &str) -> String {
    let key = key.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok());
    let tag = hmac_sha256(&key.expect("a key"), &format!("{id}.{seconds}.{body}"));
    format!("v1,{}", STANDARD.encode(tag))
}
