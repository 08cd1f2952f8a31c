//! JSON Web Tokens (RFC 7519), signed with HS256 or RS256; the signatures are checked by ring.

mod public_key;
mod ring_provider;

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Map, Value};

use public_key::is_public_key;

use crate::ground::clock::Timestamp;
use crate::ground::secret::Secret;

/// For clocks that differ.
const LEEWAY: Duration = Duration::from_mins(1);

/// How a JWT is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum JwtMethod {
    /// HMAC with SHA-256 and a shared key.
    #[default]
    HS256,
    /// RSA (PKCS #1 v1.5) with SHA-256; the channel has the public key only.
    RS256,
}

/// Accepts JWTs of one key and method. `exp` and `nbf` are checked if they are there, with 60 s of
/// leeway for clocks that differ.
#[derive(Clone)]
pub struct JwtVerifier {
    key: DecodingKey,
    validation: Validation,
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// RFC 7518, section 3.2 asks for a key of the hash's size or larger.
    #[error("a key of at least 32 bytes for HS256 (RFC 7518, section 3.2)")]
    TooShort,
    /// RS256 checks with the public key, of a size that ring takes; RFC 7518, section 3.3 asks for
    /// 2048 bits or more.
    #[error(
        "an RSA public key of 2048 to 8192 bits in PEM (`-----BEGIN PUBLIC KEY-----`) for RS256"
    )]
    NotAPublicKey,
}

impl JwtVerifier {
    /// A verifier for `key`.
    pub fn new(
        key: &Secret,
        method: JwtMethod,
        audience: Option<String>,
        issuer: Option<String>,
    ) -> Result<Self, KeyError> {
        ring_provider::install();
        let bytes = key.expose().as_bytes();
        let (algorithm, key) = match method {
            JwtMethod::HS256 if bytes.len() < 32 => return Err(KeyError::TooShort),
            JwtMethod::HS256 => (Algorithm::HS256, DecodingKey::from_secret(bytes)),
            JwtMethod::RS256 => {
                let key = DecodingKey::from_rsa_pem(bytes).ok();
                let key = key.filter(|key| key.try_get_as_bytes().is_ok_and(is_public_key));
                (Algorithm::RS256, key.ok_or(KeyError::NotAPublicKey)?)
            }
        };
        let mut validation = Validation::new(algorithm);
        validation.required_spec_claims.clear();
        // They are compared with a clock of the library's own; `is_current` does it with ours.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = audience.is_some();
        // A claim that is checked has to be there as well.
        if let Some(audience) = audience {
            validation.set_audience(&[audience]);
            validation.required_spec_claims.insert("aud".to_owned());
        }
        if let Some(issuer) = issuer {
            validation.set_issuer(&[issuer]);
            validation.required_spec_claims.insert("iss".to_owned());
        }
        Ok(Self { key, validation })
    }

    /// Whether `token` is signed with the key and valid at `now`.
    pub fn accepts(&self, token: &str, now: Timestamp) -> bool {
        jsonwebtoken::decode::<Map<String, Value>>(token, &self.key, &self.validation)
            .is_ok_and(|token| is_current(&token.claims, now))
    }
}

/// Whether `now` is within what `exp` and `nbf` allow, those of them that are there
/// (RFC 7519, sections 4.1.4 and 4.1.5).
fn is_current(claims: &Map<String, Value>, now: Timestamp) -> bool {
    let allows = |name: &str, is_met: &dyn Fn(Timestamp) -> bool| {
        claims.get(name).is_none_or(|claim| numeric_date(claim).is_some_and(is_met))
    };
    allows("exp", &|expires| now <= expires + LEEWAY)
        && allows("nbf", &|begins| begins <= now + LEEWAY)
}

/// Seconds since the epoch, perhaps with a fraction (RFC 7519, section 2).
fn numeric_date(claim: &Value) -> Option<Timestamp> {
    let since_epoch = Duration::try_from_secs_f64(claim.as_f64()?).ok()?;
    Some(Timestamp::from_millis(0) + since_epoch)
}

impl std::fmt::Debug for JwtVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JwtVerifier").finish_non_exhaustive()
    }
}
