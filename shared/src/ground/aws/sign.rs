//! AWS Signature Version 4 for the one form of request we make: `POST /` without a query.
//!
//! Rules: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use ring::digest::{SHA256, digest};
use ring::hmac::{self, HMAC_SHA256, Key};

use super::credentials::Credentials;
use crate::ground::clock::Timestamp;
use crate::ground::hex::hex;
use crate::ground::secret::Secret;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Signs requests to one service of one region.
pub(super) struct Signer {
    credentials: Credentials,
    region: String,
    service: &'static str,
    /// The signing key changes with the date; deriving it takes four of the six HMACs.
    key: Mutex<Option<(String, Key)>>,
}

/// What a signed request carries besides its other headers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signature {
    /// `x-amz-date`.
    pub date: String,
    /// `authorization`.
    pub authorization: String,
}

impl Signer {
    pub fn new(credentials: Credentials, region: String, service: &'static str) -> Self {
        Self { credentials, region, service, key: Mutex::new(None) }
    }

    /// `x-amz-security-token`, for temporary credentials.
    pub fn session_token(&self) -> Option<&str> {
        self.credentials.session_token.as_ref().map(Secret::expose)
    }

    /// Signs a request with these headers, in lower case and in alphabetical order; the date and
    /// the session token are added to them.
    pub fn sign(&self, headers: &[(&str, &str)], body: &[u8], now: Timestamp) -> Signature {
        let date = basic_format(now);
        let day = date.get(..8).unwrap_or_default();
        let own =
            [("x-amz-date", Some(date.as_str())), ("x-amz-security-token", self.session_token())];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let mut headers: Vec<_> = headers.iter().copied().chain(own).collect();
        headers.sort_unstable();

        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut canonical = "POST\n/\n\n".to_owned();
        for (name, value) in headers {
            let _ = writeln!(canonical, "{name}:{value}");
        }
        let _ = write!(canonical, "\n{names}\n{}", hex(digest(&SHA256, body)));

        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hashed = hex(digest(&SHA256, canonical.as_bytes()));
        let to_sign = format!("{ALGORITHM}\n{date}\n{scope}\n{hashed}");
        let signature = hex(hmac::sign(&self.key_of(day), to_sign.as_bytes()));
        let key_id = &self.credentials.key_id;
        let authorization = format!(
            "{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        );
        Signature { date, authorization }
    }

    fn key_of(&self, day: &str) -> Key {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = kept.as_ref().filter(|(of, _)| of == day) {
            return key.clone();
        }
        let first = format!("AWS4{}", self.credentials.secret.expose());
        let parts = [day, &self.region, self.service, "aws4_request"];
        let key = parts.iter().fold(Key::new(HMAC_SHA256, first.as_bytes()), |key, part| {
            Key::new(HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
        });
        *kept = Some((day.to_owned(), key.clone()));
        key
    }
}

/// ISO 8601's basic format: `20150830T123600Z`.
fn basic_format(now: Timestamp) -> String {
    let utc = now.to_utc();
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        utc.year(),
        utc.month(),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2015-08-30T12:36:00Z
    const NOW: Timestamp = Timestamp::from_millis(1_440_938_160_000);
    const HOST: (&str, &str) = ("host", "example.amazonaws.com");

    fn signer(session_token: Option<&str>) -> Signer {
        let credentials = Credentials::new(
            "AKIDEXAMPLE".to_owned(),
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            session_token.map(str::to_owned),
        );
        Signer::new(credentials.unwrap(), "us-east-1".to_owned(), "service")
    }

    #[test]
    fn signatures_are_those_of_awss_own_test_suite() {
        // <https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4>
        let token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwA\
            eMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsbur\
            EDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lI\
            ZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
        let form = [
            ("content-length", "13"),
            ("content-type", "application/x-www-form-urlencoded"),
            HOST,
            (
                "x-amz-content-sha256",
                "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
            ),
        ];
        let form_names = "content-length;content-type;host;x-amz-content-sha256;x-amz-date";
        let cases = [
            // post-vanilla
            (
                (None, &[HOST][..], "", "host;x-amz-date"),
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            // post-sts-header-before
            (
                (Some(token), &[HOST], "", "host;x-amz-date;x-amz-security-token"),
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
            // post-x-www-form-urlencoded
            (
                (None, &form, "Param1=value1", form_names),
                "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            ),
        ];
        for ((token, headers, body, names), signature) in cases {
            let signed = signer(token).sign(headers, body.as_bytes(), NOW);
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                 SignedHeaders={names}, Signature={signature}"
            );
            assert_eq!(signed.authorization, expected);
            assert_eq!(signed.date, "20150830T123600Z");
        }
    }

    #[test]
    fn another_day_has_another_key() {
        let kept = signer(None);
        let first = kept.sign(&[HOST], b"", NOW);
        let tomorrow = NOW + std::time::Duration::from_hours(24);
        assert_eq!(kept.sign(&[HOST], b"", tomorrow), signer(None).sign(&[HOST], b"", tomorrow));
        assert_eq!(kept.sign(&[HOST], b"", NOW), first);
    }
}
