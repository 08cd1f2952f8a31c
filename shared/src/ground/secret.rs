//! A text that must not be seen: it prints as `***`, and is compared in constant time.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A token, key or password.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `other` is the same text, in time that does not depend on where they differ.
    ///
    /// Both are hashed first, so that the length leaks nothing either.
    pub fn matches(&self, other: &str) -> bool {
        let digest = |text: &str| ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        let (ours, theirs) = (digest(&self.0), digest(other));
        let difference =
            ours.as_ref().iter().zip(theirs.as_ref()).fold(0, |all, (a, b)| all | (a ^ b));
        std::hint::black_box(difference) == 0
    }
}

/// A secret was empty, which anybody can guess.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a non-empty text")]
pub struct EmptySecret;

impl TryFrom<String> for Secret {
    type Error = EmptySecret;

    fn try_from(text: String) -> Result<Self, EmptySecret> {
        if text.is_empty() { Err(EmptySecret) } else { Ok(Self(text)) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// Accepts a non-empty string; an error never shows what was there instead.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Self::try_from(text),
            _ => Err(EmptySecret),
        };
        secret.map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_text_matches() {
        let secret = Secret::try_from("s3cret".to_owned()).unwrap();
        for (other, expected) in
            [("s3cret", true), ("s3creT", false), ("s3cre", false), ("", false)]
        {
            assert_eq!(secret.matches(other), expected, "{other}");
        }
    }

    #[test]
    fn it_is_never_printed() {
        let secret = Secret::try_from("s3cret".to_owned()).unwrap();
        assert_eq!(format!("{secret:?}"), "***");
        let error = serde_json::from_str::<Secret>("12345").unwrap_err().to_string();
        assert!(!error.contains("12345"), "{error}");
        assert_eq!(Secret::try_from(String::new()).unwrap_err(), EmptySecret);
    }
}
