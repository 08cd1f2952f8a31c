//! The header `Authorization`: of a request that we got, and of one that we make.

use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::{HeaderMap, HeaderValue};

use crate::ground::secret::Secret;

/// The credentials of `scheme`, whose name may be in any case
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-11.1>).
pub fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = value.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
}

/// The header's value that proves who we are by `token`, if that has nothing but characters a
/// header may have.
pub fn bearer(token: &Secret) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose()))?;
    value.set_sensitive(true);
    Ok(value)
}
