//! AWS Signature Version 4 for the forms of request we make, none of which has a query.
//!
//! Rules: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

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
const TERMINATOR: &str = "aws4_request";
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
        let mut canonical = [method, "\n", path, "\n\n"].concat();
        for (name, value) in headers {
            canonical.extend([name, ":", value, "\n"]);
        }
        canonical.extend(["\n", &names, "\n", &hex(digest(&SHA256, body))]);

        let scope = [day, &self.region, self.service, TERMINATOR].join("/");
        let hashed = hex(digest(&SHA256, canonical.as_bytes()));
        let to_sign = [ALGORITHM, &date, &scope, &hashed].join("\n");
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
        let parts = [day, &self.region, self.service, TERMINATOR];
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
mod tests;
