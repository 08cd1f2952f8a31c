//! Signatures of requests: an HMAC-SHA256 over their raw bytes, keyed with a secret that the
//! platform and the channel share, and the time they were made at.

use std::time::Duration;

use ring::hmac::{self, HMAC_SHA256, Key};

use crate::ground::clock::Timestamp;
use crate::ground::hex::unhex;
use crate::ground::secret::Secret;

/// How far the time of a request may be from ours, before and after.
const TOLERANCE: Duration = Duration::from_mins(5);

/// The key of a channel's signatures. It has no `Debug`.
#[derive(Clone)]
pub struct SigningKey(Key);

impl SigningKey {
    /// The key that the bytes of `secret` are.
    pub fn new(secret: &Secret) -> Self {
        Self(Key::new(HMAC_SHA256, secret.expose().as_bytes()))
    }

    /// Whether `signature`, in hexadecimal of either case, is that of `parts` one after the other.
    /// It takes the same time wherever the first difference is.
    pub fn verify(&self, parts: &[&[u8]], signature: &str) -> bool {
        let Some(signature) = unhex(signature) else { return false };
        hmac::verify(&self.0, &parts.concat(), &signature).is_ok()
    }
}

/// Whether a request made at `seconds` since the epoch may still come: five minutes around now.
pub fn is_recent(seconds: &str, now: Timestamp) -> bool {
    let is_digits = seconds.bytes().all(|byte| byte.is_ascii_digit());
    let made: Option<u64> = Some(seconds).filter(|_| is_digits).and_then(|it| it.parse().ok());
    made.is_some_and(|made| now.as_secs().abs_diff(made) <= TOLERANCE.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2: <https://www.rfc-editor.org/rfc/rfc4231#section-4.3>.
    #[test]
    fn only_the_right_signature_is_right() {
        let key = SigningKey::new(&Secret::try_from("Jefe".to_owned()).unwrap());
        let parts: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
        let right = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert!(key.verify(&parts, right));
        assert!(key.verify(&parts, &right.to_uppercase()));
        for wrong in ["", "5b", &right[..62], &format!("{right}00"), &right.replace('5', "6"), "zz"]
        {
            assert!(!key.verify(&parts, wrong), "{wrong}");
        }
        assert!(!key.verify(&[b"what do ya want for nothing!"], right));
    }

    #[test]
    fn a_request_may_be_five_minutes_away() {
        let now = Timestamp::from_millis(1_000_000_000);
        for (seconds, expected) in [
            ("1000000", true),
            ("999700", true),
            ("1000300", true),
            ("999699", false),
            ("1000301", false),
            ("", false),
            ("+1000000", false),
            ("-5", false),
            ("99999999999999999999", false),
        ] {
            assert_eq!(is_recent(seconds, now), expected, "{seconds}");
        }
    }
}
