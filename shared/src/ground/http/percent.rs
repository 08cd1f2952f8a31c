//! Percent-encoding.

use std::fmt::Write as _;

/// `text` with everything but unreserved characters percent-encoded
/// (<https://www.rfc-editor.org/rfc/rfc3986#section-2.3>); right in a path, a query and a form.
/// A segment of `.` or `..` stays one: a path must not be made of those.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
