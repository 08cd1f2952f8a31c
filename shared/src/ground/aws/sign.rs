//! AWS Signature Version 4 for the forms of request we make, none of which has a query.
//!
//! Rules: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use ring::digest::{SHA256, digest};
use ring::hmac::{self, HMAC_SHA256, Key};

use super::credentials::Credentials;
use super::error::CallError;
use crate::ground::clock::Timestamp;
use crate::ground::hex::hex;
use crate::ground::secret::Secret;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Signs requests to one service of one region.
pub(super) struct Signer {
    credentials: Credentials,
    region: String,
    service: &'static str,
    /// The signing key changes with the date; deriving it takes four of the six HMACs.
    key: Mutex<Option<(String, Key)>>,
}

/// What is signed. None of it is changed on the way to the signature.
#[derive(Clone, Copy)]
pub(super) struct ToSign<'a> {
    pub method: &'a str,
    /// As it is sent, percent-encoded.
    pub path: &'a str,
    /// In lower case; the date and the session token are added to them.
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

/// What a signed request carries besides its other headers.
#[derive(Debug, PartialEq, Eq)]
struct Signature {
    /// `x-amz-date`.
    date: String,
    /// `authorization`.
    authorization: String,
}

impl Signer {
    pub fn new(credentials: Credentials, region: String, service: &'static str) -> Self {
        Self { credentials, region, service, key: Mutex::new(None) }
    }

    /// Signs `request`, and adds to its `headers` what says so.
    pub fn authorize(
        &self,
        headers: &mut HeaderMap,
        request: ToSign<'_>,
        now: Timestamp,
    ) -> Result<(), CallError> {
        let signature = self.sign(request, now);
        headers.insert(DATE, header_value(&signature.date)?);
        headers.insert(AUTHORIZATION, header_value(&signature.authorization)?);
        if let Some(token) = self.session_token() {
            headers.insert(SECURITY_TOKEN, header_value(token)?);
        }
        Ok(())
    }

    /// `x-amz-security-token`, for temporary credentials.
    fn session_token(&self) -> Option<&str> {
        self.credentials.session_token.as_ref().map(Secret::expose)
    }

    fn sign(&self, request: ToSign<'_>, now: Timestamp) -> Signature {
        let ToSign { method, path, headers, body } = request;
        let date = basic_format(now);
        let day = date.get(..8).unwrap_or_default();
        let own =
            [("x-amz-date", Some(date.as_str())), ("x-amz-security-token", self.session_token())];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let mut headers: Vec<_> = headers.iter().copied().chain(own).collect();
        headers.sort_unstable();

        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut canonical = format!("{method}\n{path}\n\n");
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

/// `text` as a header's value. A line break in a credential is the only way to one that is none.
pub(super) fn header_value(text: &str) -> Result<HeaderValue, CallError> {
    HeaderValue::from_str(text).map_err(|_| CallError::NoCredentials)
}

/// The header `host` of a request to `url`, as the HTTP client writes it.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
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
            let body = body.as_bytes();
            let request = ToSign { method: "POST", path: "/", headers, body };
            let signed = signer(token).sign(request, NOW);
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                 SignedHeaders={names}, Signature={signature}"
            );
            assert_eq!(signed.authorization, expected);
            assert_eq!(signed.date, "20150830T123600Z");
        }
    }

    #[test]
    fn a_request_is_signed_with_its_method_and_its_path() {
        let unreserved = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (name, path, signature) in [
            (
                "get-vanilla",
                "/",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "get-utf8",
                "/%E1%88%B4",
                "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
            ),
            (
                "get-unreserved",
                unreserved,
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
            (
                "get-space-unnormalized",
                "/example%20space/",
                "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
            ),
        ] {
            let request = ToSign { method: "GET", path, headers: &[HOST], body: b"" };
            let signed = signer(None).sign(request, NOW).authorization;
            assert!(signed.ends_with(&format!("Signature={signature}")), "{name}: {signed}");
        }
    }

    #[test]
    fn another_day_has_another_key() {
        let kept = signer(None);
        let request = ToSign { method: "POST", path: "/", headers: &[HOST], body: b"" };
        let first = kept.sign(request, NOW);
        let tomorrow = NOW + std::time::Duration::from_hours(24);
        assert_eq!(kept.sign(request, tomorrow), signer(None).sign(request, tomorrow));
        assert_eq!(kept.sign(request, NOW), first);
    }
}
