//! A 64-bit fingerprint of an identifier or a value, the same on every machine and in every
//! version.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The first eight bytes of the SHA-256 of a text.
///
/// Among the hundred events a session remembers, two different ids share a fingerprint with a
/// probability of about 3 in 10¹⁶.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of `text`.
    pub fn of(text: &str) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        let first = digest.as_ref().iter().take(8);
        Self(first.fold(0, |bits, byte| (bits << 8) | u64::from(*byte)))
    }

    /// The fingerprint of a JSON value, whatever the order of its objects' fields.
    pub fn of_value(value: &Value) -> Self {
        let mut text = String::new();
        write_sorted(value, &mut text);
        Self::of(&text)
    }

    /// The one with this stored form.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The stored form.
    pub const fn to_bits(self) -> u64 {
        self.0
    }
}

/// JSON with the fields of every object in alphabetical order.
fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            text.push('{');
            for (name, value) in fields {
                let _ = write!(text, "{}:", Value::from(name.as_str()));
                write_sorted(value, text);
                text.push(',');
            }
            text.push('}');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_start_of_sha_256() {
        // FIPS 180-4 test vector: SHA-256("abc") = ba7816bf 8f01cfea …
        assert_eq!(Fingerprint::of("abc").to_bits(), 0xba78_16bf_8f01_cfea);
    }

    #[test]
    fn that_of_a_value_does_not_depend_on_the_order_of_fields() {
        let of = |json: &str| Fingerprint::of_value(&serde_json::from_str(json).unwrap());
        assert_eq!(of(r#"{"a": [1, {"b": 2, "c": "x"}]}"#), of(r#"{"a":[1,{"c":"x","b":2}]}"#));
        for (one, other) in
            [("[1,2]", "[2,1]"), ("\"1\"", "1"), ("[[1],2]", "[[1,2]]"), ("null", "\"\"")]
        {
            assert_ne!(of(one), of(other), "{one} and {other}");
        }
    }
}
