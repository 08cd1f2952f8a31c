//! The header `Authorization` of a request that we got.

use http::HeaderMap;
use http::header::AUTHORIZATION;

/// The credentials of `scheme`, whose name may be in any case
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-11.1>).
pub fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = value.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
}
